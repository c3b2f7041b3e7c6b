"""Times of bodies, `2026-11-22T02:15:30.123456Z`, read and written by the thousand (pure; numpy).

Here they are microseconds since 1970. Neighbouring entries are mostly of one day, whose date is
then read or written once.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from registry.audit.matrix import Bytes, Integers, Mask, whole
from registry.entry import FIRST_MOMENT, LAST_MOMENT

INSTANT_CHARACTERS: Final = 27
_DATE: Final = len("2026-11-22T")
_WORD: Final = 8
_DAY: Final = 86_400_000_000
_SECOND: Final = 1_000_000
_DAYS_BEFORE_1970: Final = date(1970, 1, 1).toordinal()
FIRST, LAST = (
    (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    for moment in (FIRST_MOMENT, LAST_MOMENT)
)

_LEAST: Final = np.frombuffer(b"0000-00-00T00:00:00.000000Z", np.uint8)
# How far each character may be above it; whether hours and days are too many is seen later.
_ABOVE: Final = np.frombuffer(b"9999-19-39T29:59:59.999999Z", np.uint8) - _LEAST
_MONTH_DAYS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DAYS_BEFORE: Final = np.cumsum([0, *_MONTH_DAYS[:-1]])


def read_instants(texts: Bytes) -> tuple[Integers, Mask]:
    """Of rows of 27 characters, and which of them are a moment in its one spelling."""
    digits = texts - _LEAST
    sound = whole(digits <= _ABOVE)
    days, real = _read_dates(digits[:, :_DATE])
    # Exact: no sum reaches 2^24. A separator counts nothing.
    seconds, micros = (digits[:, _DATE:].astype(np.float32) @ _TIME_WEIGHTS).astype(np.int64).T
    sound &= real & (seconds * _SECOND < _DAY)
    moments = days * _DAY + seconds * _SECOND + micros
    return moments, sound & (moments <= LAST)


def _read_dates(digits: Bytes) -> tuple[Integers, Mask]:
    """Days since 1970, and which dates there are; of one row when all are alike."""
    if len(digits) > 1 and _alike(digits[:, :_WORD]) and _alike(digits[:, -_WORD:]):
        return _read_dates(digits[:1])
    year, month, day = (digits.astype(np.float32) @ _DATE_WEIGHTS).astype(np.int64).T
    real = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    month = np.where(real, month, 1)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    real &= day <= _MONTH_DAYS[month] + (leap & (month == 2))
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400 - _DAYS_BEFORE_1970
    return days + _DAYS_BEFORE[month] + (leap & (month > 2)) + day, real


def _alike(columns: Bytes) -> bool:
    """Whether all rows are, of as many bytes as a word has."""
    words = columns.view(np.uint64)
    return bool((words == words[0]).all())


def write_instants(moments: Integers, texts: Bytes) -> None:
    """Into rows of 27 characters; `moments` are from FIRST to LAST."""
    days = moments // _DAY
    within = moments - days * _DAY
    seconds = (within // _SECOND).astype(np.int32)
    micros = (within - seconds * np.int64(_SECOND)).astype(np.int32)
    minutes, millis = seconds // 60, micros // 1000
    texts[:, :_DATE] = _dates(days)
    time = texts[:, _DATE : _DATE + _WORD].view(np.uint64)
    time[:, 0] = _MINUTES[minutes] + _SECONDS[seconds - minutes * 60]
    fraction = texts[:, _DATE + _WORD :].view(np.uint64)
    fraction[:, 0] = _MILLIS[millis] + _MICROS[micros - millis * 1000]


def _dates(days: Integers) -> Bytes:
    if len(days) > 1 and (days == days[0]).all():
        return _dates(days[:1])
    kinds, which = np.unique(days, return_inverse=True)
    dates = [date.fromordinal(day + _DAYS_BEFORE_1970).isoformat() for day in kinds.tolist()]
    rows = np.frombuffer("".join(f"{one}T" for one in dates).encode(), np.uint8)
    return rows.reshape(-1, _DATE)[which]


def _words(texts: Iterable[str]) -> npt.NDArray[np.uint64]:
    """Texts of eight characters as numbers: with zeros in each other's places, their sum is the
    text of both.
    """
    return np.frombuffer("".join(texts).encode(), np.uint64)


def _weights(pattern: str, kinds: str) -> npt.NDArray[np.float32]:
    """The matrix that makes numbers of digits: one for each of `kinds`, whose letter stands where
    its digits do.
    """
    weights = np.zeros((len(pattern), len(kinds)), np.float32)
    for which, kind in enumerate(kinds):
        places = [at for at, letter in enumerate(pattern) if letter == kind]
        for power, at in enumerate(reversed(places)):
            weights[at, which] = 10.0**power
    return weights


_DATE_WEIGHTS: Final = _weights("yyyy-mm-dd-", "ymd")
# Seconds of the day, and microseconds.
_TIME_WEIGHTS: Final = _weights("hh-mm-ss-uuuuuu-", "hmsu") @ np.array(
    [[3600, 0], [60, 0], [1, 0], [0, 1]], np.float32
)
_MINUTES: Final = _words(f"{at // 60:02}:{at % 60:02}:\0\0" for at in range(24 * 60))
_SECONDS: Final = _words(f"\0\0\0\0\0\0{at:02}" for at in range(60))
_MILLIS: Final = _words(f".{at:03}\0\0\0Z" for at in range(1000))
_MICROS: Final = _words(f"\0\0\0\0{at:03}\0" for at in range(1000))
