"""Signing in at the desk: throttled, and equally slow for users who do not exist."""

import secrets
from collections import deque
from datetime import datetime, timedelta

from intake.desk import store as desk
from intake.desk.errors import LoginRefused, LoginThrottled
from intake.desk.officer import Officer, password_matches
from intake.store import Store
from registry.clock import Clock

SESSION_LASTS = timedelta(hours=8)
TRIES = 5
WINDOW = timedelta(minutes=15)
# Names that were tried and do not exist must not fill the memory.
MOST_NAMES = 10_000


class Throttle:
    """Counts wrong passwords per user name in this process; existing or not makes no difference."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[datetime]] = {}

    def check(self, username: str, now: datetime) -> None:
        """Raises LoginThrottled while too many of the latest tries were wrong."""
        failures = self._failures.get(username, deque())
        while failures and failures[0] <= now - WINDOW:
            failures.popleft()
        if len(failures) >= TRIES:
            left = failures[0] + WINDOW - now
            raise LoginThrottled(minutes=int(left.total_seconds() // 60) + 1)

    def failed(self, username: str, now: datetime) -> None:
        if len(self._failures) >= MOST_NAMES:
            self._failures.pop(next(iter(self._failures)))
        self._failures.setdefault(username, deque(maxlen=TRIES)).append(now)

    def succeeded(self, username: str) -> None:
        self._failures.pop(username, None)


async def log_in(
    store: Store, clock: Clock, throttle: Throttle, username: str, password: str
) -> str:
    """A new session's token; raises LoginRefused, LoginThrottled."""
    officer = await confirm_password(store, clock, throttle, username, password)
    token = secrets.token_urlsafe(32)
    now = clock()
    await desk.start_session(store, officer.username, token, now, now + SESSION_LASTS)
    return token


async def confirm_password(
    store: Store, clock: Clock, throttle: Throttle, username: str, password: str
) -> Officer:
    """The officer whose name and password these are; raises LoginRefused, LoginThrottled."""
    name = username.strip().lower()
    throttle.check(name, clock())
    # Counted before it is checked: parallel guesses cannot slip by while Argon2 is at work.
    throttle.failed(name, clock())
    found = await desk.find_officer(store, name)
    matches = await password_matches(password, found[1] if found else None)
    if found is None or not matches:
        raise LoginRefused
    throttle.succeeded(name)
    return found[0]
