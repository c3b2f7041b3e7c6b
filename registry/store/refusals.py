"""From the database's words to the room's errors.

PostgreSQL puts rows into the DETAIL of its messages, so nothing of an original error may travel
further: what we raise says no values, and what we log says only where it happened.
"""

import contextlib
import logging
from collections.abc import Iterator
from typing import Final

import asyncpg

from registry.authority.refusals import AuthorityConflict
from registry.errors import (
    BookClosed,
    ChainBroken,
    ClosingRefused,
    DuplicateCopy,
    EntryRefused,
    HeadMoved,
    IllegalSuccessor,
    IllegalTransition,
    NumberIssued,
    NumberOutOfTurn,
    NumberVoid,
    RegistryError,
    RegistryUnavailable,
    UnknownCopy,
    UnknownReservation,
)

_log = logging.getLogger(__name__)

_BY_STATE: Final[dict[str, type[RegistryError]]] = {
    "RG002": HeadMoved,
    "RG003": ChainBroken,
    "RG004": IllegalTransition,
    "RG005": NumberVoid,
    "RG006": NumberIssued,
    "RG007": NumberOutOfTurn,
    "RG008": HeadMoved,
    "RG009": UnknownCopy,
    "RG010": UnknownReservation,
    "RG011": IllegalSuccessor,
    "RG012": ClosingRefused,
    "RG013": RegistryUnavailable,
    "RG020": NumberOutOfTurn,
    "RG021": BookClosed,
    "RG030": AuthorityConflict,
}

_BY_CONSTRAINT: Final[dict[str, type[RegistryError]]] = {
    "entry_pkey": HeadMoved,
    "entry_code": DuplicateCopy,
    "entry_pdf": DuplicateCopy,
    "entry_closing": BookClosed,
}

_CONFLICTS: Final[dict[str, str]] = {
    "delegation_written": "a delegation cannot begin before its instrument is dated",
    "certificate_pkey": "the certificate is entered already, as another's",
    "seal_pkey": "the seal is entered already, for another unit or with another picture",
    "ending_unit_fkey": "no such unit is entered",
    "ending_position_fkey": "no such position is entered",
    "ending_delegation_fkey": "no such delegation is entered",
    "ending_certificate_fkey": "no such certificate is entered",
}

#: Not the caller's doing and nothing that a caller sees: an operator has to know.
_CLOCK_AHEAD: Final = "RG013"

#: Connection, resources, operator, I/O, lock timeout, serialisation, standby; and a database that
#: does not let us in, is not there or is not migrated yet. All may pass; an act may be retried.
_PASSING: Final = (
    *("08", "53", "57P", "57014", "58", "55P03", "40", "25006", "25P03"),
    *("28", "3D", "3F", "42P01", "42883"),
)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Raise the room's errors for whatever the driver raises inside."""
    try:
        yield
    except asyncpg.PostgresError as error:
        raise _translate(error) from None
    except asyncpg.exceptions.DataError as error:
        raise _refused(error) from None
    except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
        # TimeoutError is an OSError; it leaves the driver's connection closed.
        _log.warning("database connection lost: %s", type(error).__name__)
        raise RegistryUnavailable("the database connection was lost") from None


def _translate(error: asyncpg.PostgresError) -> RegistryError:
    state = error.sqlstate or ""
    if state == _CLOCK_AHEAD:
        _log.error("nothing is appended: this machine's clock is ahead of the database's")
    if known := _BY_STATE.get(state):
        return known(error.args[0] if error.args else state)
    constraint = getattr(error, "constraint_name", None) or ""
    if conflict := _CONFLICTS.get(constraint):
        return AuthorityConflict(conflict)
    if known := _BY_CONSTRAINT.get(constraint):
        return known("the registry already holds the code, the PDF or the index")
    if state.startswith(_PASSING):
        _log.warning("database unavailable: SQLSTATE %s", state)
        return RegistryUnavailable(f"the database is not available (SQLSTATE {state})")
    return _refused(error)


def _refused(error: Exception) -> EntryRefused:
    where = [
        f"{name}={value}"
        for name in ("sqlstate", "table_name", "column_name", "constraint_name")
        if (value := getattr(error, name, None))
    ]
    _log.error("database refused an act: %s %s", type(error).__name__, " ".join(where))
    return EntryRefused("the database refused the act; the log says where")
