"""What the commands that decide about a copy have in common."""

import asyncio
import json
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from bansao.settings import Settings

_OPTIONS = (
    click.argument("code"),
    click.option("--decision", required=True, help="Number of the decision, e.g. 12/QĐ-UBND."),
    click.option(
        "--date",
        "decided_on",
        required=True,
        type=click.DateTime(["%Y-%m-%d"]),
        help="Day of the decision, not a future one.",
    ),
    click.option("--reason", default="", help="What the public is told; no personal data."),
    click.option(
        "--by",
        metavar="OFFICER",
        help="Id of the officer who decided.  [default: the chairman of the copy's unit that day]",
    ),
    click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object."),
)


def decision_options(command: Callable[..., None]) -> Callable[..., None]:
    """CODE, and what every decision has."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def decide_and_tell(
    act: str,
    verdict: str,
    *,
    code: str,
    decided_on: datetime,
    as_json: bool,
    successor: str | None = None,
    **said: Any,
) -> None:
    """Enter the decision, then say that the copy is `verdict` now. Again: the same answer."""
    from bansao.database import open_registry
    from bansao.decide import Decision, decide
    from registry.code import parse_code
    from registry.settings import Settings as RegistrySettings

    known = parse_code(code)
    follower = None if successor is None else parse_code(successor)
    asked = Decision(act=act, code=known, decided_on=decided_on.date(), successor=follower, **said)
    with open_registry(Settings.from_env(os.environ), role="registry_writer"):
        decided_by, receipt = asyncio.run(decide(RegistrySettings.from_env(os.environ), asked))
    if as_json:
        fields = {"code": known, "verdict": verdict, "decision": asked.decision}
        fields |= {"date": asked.decided_on.isoformat(), "decided_by": decided_by}
        more = {"successor": follower} if follower else {}
        answer = fields | more | {"index": receipt.index}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        by = f" by {follower}" if follower else ""
        click.echo(f"{known} {verdict}{by}: {asked.decision}, entry {receipt.index}")
