"""A witness: it remembers the last tree of each log, cosigns what continues it, refuses the rest.

It is a program of its own, with its own key and memory; of the registry it uses the log's formats
and the reader of a log's files, and never the database.
"""
