"""What the front door can fail at. The text is one line for a person and says what to do."""


class FrontDoorError(Exception):
    """Root of this room's errors; `code` is stable and stands in `--json` answers."""

    code = "failed"


class DatabaseStartFailed(FrontDoorError):
    code = "database_start_failed"


class DatabaseDirectoryUnusable(FrontDoorError):
    """The directory holds another major version, another cluster, or nothing that is ours."""

    code = "database_directory_unusable"


class DiskFull(FrontDoorError):
    code = "disk_full"


class CannotDropRoot(FrontDoorError):
    """PostgreSQL refuses to run as root and no other identity can reach its files."""

    code = "cannot_drop_root"


class SecretLost(FrontDoorError):
    code = "secret_lost"


class OriginChanged(FrontDoorError):
    """The log's published key line is not the one of this origin and key."""

    code = "origin_changed"


class NoRegistryHere(FrontDoorError):
    code = "no_registry_here"


class DatabaseNotRunning(FrontDoorError):
    code = "database_not_running"


class WrongQuestion(FrontDoorError):
    """What was asked to be verified is neither a file nor a code, or lacks its proof."""

    code = "wrong_question"


class NoSuchUnit(FrontDoorError):
    code = "no_such_unit"


class SchemaOutdated(FrontDoorError):
    code = "schema_outdated"


class PortTaken(FrontDoorError):
    code = "port_taken"


class AlreadyRunning(FrontDoorError):
    code = "already_running"


class ChildDied(FrontDoorError):
    code = "child_died"


class MissingExtra(FrontDoorError):
    """A room was asked for whose packages are not installed."""

    code = "missing_extra"


class NotIssued(FrontDoorError):
    """A walk through all rooms ended without a copy."""

    code = "not_issued"


class NoSuchBenchmark(FrontDoorError):
    """Benchmarks are part of the sources, not of the installed package; some are still to come."""

    code = "no_such_benchmark"


class BenchmarkTooSlow(FrontDoorError):
    code = "benchmark_too_slow"
