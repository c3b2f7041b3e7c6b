"""What can go wrong between the dashboard and the registry's views."""


class AnalyticsError(Exception):
    """Root of this room's failures; `code` is the Fluent key of the sentence a reader sees."""

    code = "error-analytics"


class NotConfigured(AnalyticsError):
    """The environment names no database, or not the password of the reading role."""

    code = "error-not-configured"


class DatabaseUnreachable(AnalyticsError):
    """The database does not answer, or refuses this role."""

    code = "error-database-unreachable"


class ViewsMissing(AnalyticsError):
    """The database answers, but its migrations have not reached the analytics views."""

    code = "error-views-missing"
