"""What several tests need to reach the real thing: a server, a database, a browser."""
