"""The registry's only door to PostgreSQL: one Store a role, one kind of transaction an act."""

from registry.store.connection import Store

__all__ = ["Store"]
