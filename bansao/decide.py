"""A decision about a copy, from the command line: who may decide is asked, then it is entered."""

import getpass
import os
from datetime import date

import msgspec

from registry.acts import Decided
from registry.append import Appender
from registry.authorise import deciding_officer
from registry.certified_copy import Receipt
from registry.clock import utc_now
from registry.lookup import issuing_entry
from registry.publish import publish
from registry.settings import Settings
from registry.store import Store


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided about the copy with `code`: `act` is a method of Appender.

    `by` is an officer's id; None is the chairman of the copy's unit on that day.
    """

    act: str
    code: str
    decision: str
    decided_on: date
    reason: str = ""
    by: str | None = None
    successor: str | None = None


async def decide(settings: Settings, asked: Decision) -> tuple[str, Receipt]:
    """Enter it and publish; returns who decided, too.

    Needs the log's key. Raises a NotAuthorised, and what the appender raises.
    """
    async with (
        await Store.connect(settings.role_url("registry_writer")) as store,
        Appender(store, utc_now) as appender,
    ):
        unit_code = (await issuing_entry(store, asked.code)).unit_code
        mandate = await deciding_officer(store, unit_code, asked.decided_on, asked.by)
        receipt = await _enter(appender, asked, mandate.officer)
    # Seen by the public only in a signed checkpoint; a running publisher may be first.
    async with await Store.connect(settings.role_url("registry_publisher")) as store:
        await publish(store, settings.log_key(), settings.origin, utc_now)
    return mandate.officer, receipt


async def _enter(appender: Appender, asked: Decision, decided_by: str) -> Receipt:
    decided: Decided = {
        "decision": asked.decision,
        "decided_on": asked.decided_on,
        "reason": asked.reason,
        "decided_by": decided_by,
        "entered_by": user(),
    }
    if asked.successor is not None:
        return await appender.supersede(asked.code, successor=asked.successor, **decided)
    change = {
        "revoke": appender.revoke,
        "suspend": appender.suspend,
        "reinstate": appender.reinstate,
    }[asked.act]
    return await change(asked.code, **decided)


def user() -> str:
    """Who sits at this machine, as it knows him."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid {os.getuid()}"
