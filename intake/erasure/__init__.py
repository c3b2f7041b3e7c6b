"""Forgetting: on request (`erase`), and when a thing's time is over (`retention`)."""
