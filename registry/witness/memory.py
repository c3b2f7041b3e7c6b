"""What a witness remembers: the checkpoints that it cosigned, and the forks that it saw.

Deciding and keeping are one transaction (`turn`), so that two requests can never both continue the
same tree; it is on disk before the cosignature leaves. A disk that is full keeps nothing and
therefore signs nothing.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from registry.errors import WitnessUnable
from registry.log.checkpoint import Checkpoint, parse_checkpoint
from registry.log.note import NoteRefused

_PATIENCE_SECONDS: Final = 5.0
#: Older cosigned checkpoints of a log, kept to recognise a stale one that a cache still serves.
_KEPT: Final = 1000
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS witness (vkey TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cosigned (
    origin TEXT NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,
    cosignature TEXT NOT NULL, cosigned_at INTEGER NOT NULL, PRIMARY KEY (origin, size));
CREATE TABLE IF NOT EXISTS fork (
    origin TEXT PRIMARY KEY, evidence TEXT NOT NULL, found_at INTEGER NOT NULL);
"""
_LATEST: Final = "WHERE origin = ? ORDER BY size DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """`checkpoint.note` carries the log's signature; `cosignature` is our line, made at `at`."""

    checkpoint: Checkpoint
    cosignature: str
    at: int

    @property
    def note(self) -> str:
        """The checkpoint as others may have it."""
        return self.checkpoint.note + self.cosignature


class Memory:
    """One SQLite file; safe to share between threads and processes. `close()` it at the end."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        with _or_unable():
            self._db = sqlite3.connect(
                path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
            # One file, so that no half of it can be lost; EXTRA is FULL and the directory as well.
            self._db.execute("PRAGMA journal_mode = DELETE")
            self._db.execute("PRAGMA synchronous = EXTRA")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def vkey(self) -> str | None:
        """Whose memory this is; None for a new one."""
        rows = self._rows("SELECT vkey FROM witness")
        return str(rows[0][0]) if rows else None

    def is_empty(self) -> bool:
        """Whether nothing was ever cosigned."""
        return not self._rows("SELECT 1 FROM cosigned LIMIT 1")

    def belong_to(self, vkey: str) -> None:
        """Tie an empty memory to a key."""
        with self._writing():
            self._db.execute("DELETE FROM witness")
            self._db.execute("INSERT INTO witness VALUES (?)", (vkey,))

    def latest(self, origin: str) -> Cosigned | None:
        """The largest checkpoint cosigned for a log."""
        return self._cosigned(_LATEST, origin)

    def at_size(self, origin: str, size: int) -> Cosigned | None:
        """What was cosigned for this size, if that is still kept."""
        return self._cosigned("WHERE origin = ? AND size = ?", origin, size)

    @contextmanager
    def turn(self, origin: str) -> "Iterator[Turn]":
        """A log's last checkpoint, and nobody else's turn until this one is kept or dropped.

        Raises WitnessUnable when it cannot be kept: nothing may leave then.
        """
        with self._writing():
            latest = self._read(_LATEST, origin)
            yield Turn(self._db, latest, self._fork(origin))

    def fork(self, origin: str) -> str | None:
        """Where the evidence of a log's fork lies; None for an honest log."""
        with self._lock, _or_unable():
            return self._fork(origin)

    def remember_fork(self, origin: str, evidence: str, at: int) -> None:
        """From now on nothing of this log is cosigned; the first evidence stays."""
        with self._writing():
            self._db.execute("INSERT OR IGNORE INTO fork VALUES (?, ?, ?)", (origin, evidence, at))

    def forgive_fork(self, origin: str) -> bool:
        """An operator decided; False when there was none."""
        with self._writing():
            return bool(self._db.execute("DELETE FROM fork WHERE origin = ?", (origin,)).rowcount)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, _or_unable():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock, _or_unable():
            return self._db.execute(query, values).fetchall()

    def _cosigned(self, where: str, *values: object) -> Cosigned | None:
        with self._lock, _or_unable():
            return self._read(where, *values)

    def _fork(self, origin: str) -> str | None:
        row = self._db.execute("SELECT evidence FROM fork WHERE origin = ?", (origin,)).fetchone()
        return str(row[0]) if row else None

    def _read(self, where: str, *values: object) -> Cosigned | None:
        row = self._db.execute(
            f"SELECT note, cosignature, cosigned_at FROM cosigned {where}",  # noqa: S608 - ours
            values,
        ).fetchone()
        return Cosigned(parse_checkpoint(row[0]), row[1], row[2]) if row else None


class Turn:
    """`latest` and `fork` are as they stand; `keep` is called once and last."""

    def __init__(self, db: sqlite3.Connection, latest: Cosigned | None, fork: str | None) -> None:
        self._db = db
        self.latest = latest
        self.fork = fork

    def keep(self, cosigned: Cosigned) -> None:
        checkpoint = cosigned.checkpoint
        self._db.execute(
            "INSERT INTO cosigned VALUES (?, ?, ?, ?, ?)",
            (
                checkpoint.origin,
                checkpoint.size,
                checkpoint.note,
                cosigned.cosignature,
                cosigned.at,
            ),
        )
        self._db.execute(
            "DELETE FROM cosigned WHERE origin = ?1 AND size < (SELECT size FROM cosigned "
            "WHERE origin = ?1 ORDER BY size DESC LIMIT 1 OFFSET ?2)",
            (checkpoint.origin, _KEPT - 1),
        )


@contextmanager
def _or_unable() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, NoteRefused) as error:
        raise WitnessUnable(f"the witness's memory cannot be used: {error}") from error
