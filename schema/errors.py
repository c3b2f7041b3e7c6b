"""What can go wrong while the database is brought to the schema of this version."""


class SchemaError(Exception):
    """Root of this room's errors; `code` is stable, the text says what to do."""

    code = "schema"


class DatabaseUnreachable(SchemaError):
    code = "database_unreachable"


class UnsupportedServer(SchemaError):
    code = "unsupported_server"


class NotAllowed(SchemaError):
    """The credentials given may not create roles or schemas."""

    code = "not_allowed"


class NewerSchema(SchemaError):
    """The database was migrated by a later version of this program."""

    code = "newer_schema"


class SecretMissing(SchemaError):
    code = "secret_missing"
