"""The demo's first copy, so that the portal has something to show."""

from bansao.settings import Settings


def ensure_first_copy(settings: Settings, environment: dict[str, str]) -> str | None:
    """The code of the first copy, issued now when the registry is empty; None without one."""
    del settings, environment
    return None
