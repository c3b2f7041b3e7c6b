"""How old an answer may be: the checkpoint against the book, the replica against the primary. Pure.

A quiet log needs no new checkpoint, so age alone says nothing. Stale is a checkpoint that has left
registered entries uncovered for longer than `PATIENCE_SECONDS`, or a replica without a checkpoint
that the primary has published.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from registry.log.checkpoint import Checkpoint

Monotonic = Callable[[], float]

#: A publisher signs every half second; this long without it, somebody should look.
PATIENCE_SECONDS: Final = 15.0
#: How long the primary's word about its newest checkpoint is taken before it is asked again.
CONFIRM_SECONDS: Final = 1.0
#: How long a replica is believed while the primary does not answer: nobody can know meanwhile what
#: has been revoked. Every answer is of a moment at most this long ago.
MOST_LAG_SECONDS: Final = 5.0
#: Sizes of the log that are remembered to say how long a replica has lacked them.
_REMEMBERED: Final = 1000


class Freshness:
    """Remembers since when a checkpoint has lagged; told about it at every probe."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._lagging: tuple[int, float] | None = None

    def holds(self, size: int, *, lags: bool) -> bool:
        """Whether a checkpoint of `size`, which `lags` behind the book or not, is fresh enough."""
        if not lags:
            self._lagging = None
            return True
        now = self._monotonic()
        if self._lagging is None or self._lagging[0] != size:
            self._lagging = (size, now)
        return now - self._lagging[1] < PATIENCE_SECONDS


class Floor:
    """The newest checkpoint that the primary is known to have published, and when it was asked.

    A replica's answer at a checkpoint as new as this one is an answer that the primary would have
    given at that moment or later. No clock of another machine takes part.
    """

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._asked_at = self._learned_at = float("-inf")
        self._published: deque[tuple[int, float]] = deque(maxlen=_REMEMBERED)
        self.checkpoint: Checkpoint | None = None

    def now(self) -> float:
        return self._monotonic()

    @property
    def age(self) -> float:
        """Seconds since the primary was asked; infinite before the first answer."""
        return self._monotonic() - self._asked_at

    def learn(self, checkpoint: Checkpoint, asked_at: float) -> bool:
        """The primary's answer to a question sent at `asked_at`; False when its log went back.

        Answers may overtake each other; a smaller size proves something only when it was asked for
        after the larger one was known.
        """
        known = self.checkpoint
        went_back = (
            known is not None and checkpoint.size < known.size and asked_at > self._learned_at
        )
        if known is None or checkpoint.size >= known.size or went_back:
            if known is None or checkpoint.size != known.size:
                self._published.append((checkpoint.size, asked_at))
            self.checkpoint = checkpoint
            self._asked_at = max(asked_at, self._asked_at)
            self._learned_at = self._monotonic()
        return not went_back

    def covers(self, checkpoint: Checkpoint) -> bool:
        """Whether a replica's answer at `checkpoint` is recent enough to be given."""
        return self.age < MOST_LAG_SECONDS and self.reached_by(checkpoint)

    def reached_by(self, checkpoint: Checkpoint) -> bool:
        """Whether it is this one or newer; one of the same size with another root is neither."""
        floor = self.checkpoint
        if floor is None or checkpoint.size > floor.size:
            return True
        return (checkpoint.size, checkpoint.root_hash) == (floor.size, floor.root_hash)

    def entries_behind(self, checkpoint: Checkpoint) -> int:
        """How many published entries a replica lacks."""
        return max(0, self.checkpoint.size - checkpoint.size) if self.checkpoint else 0

    def seconds_behind(self, checkpoint: Checkpoint) -> float:
        """For how long, at least, the primary has published what a replica lacks; 0 for nothing."""
        missed = (since for size, since in self._published if size > checkpoint.size)
        return max(0.0, self._monotonic() - next(missed, self._monotonic()))
