"""Time, handed in: nothing in this room reads a clock by itself."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

#: Returns the present as an aware datetime in UTC.
Clock = Callable[[], datetime]

#: Register year, cut-off hour and monthly book follow this zone (UTC+7, no summer time).
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)
