"""`bansao verify`: one copy, by its code or its file."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from bansao.verification import Verification


@click.command()
@click.argument("subject", metavar="CODE|FILE")
@click.option(
    "--proof",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A proof file (C2SP tlog-proof) that must hold for this copy.",
)
@click.option("--offline", is_flag=True, help="Only by --proof and the log's key; no database.")
@click.option(
    "--status-list",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A status list (JWT or CWT): check the seal of a PDF or of a QR code's text; no database.",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="What had effect on this past day (Hanoi time): exit 0 only for `valid` then.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    subject: str,
    proof: Path | None,
    offline: bool,
    status_list: Path | None,
    on: datetime | None,
    as_json: bool,
) -> None:
    """Check the copy with this code, or this PDF file. Exit 0 only for `valid`."""
    from bansao.status_list import verify_by_list
    from bansao.verify import subject_of, verify_offline, verify_online
    from registry.clock import HANOI, utc_now

    offline = offline or status_list is not None
    if offline and proof is None and status_list is None:
        raise click.UsageError("--offline needs --proof FILE: without either nothing is proved")
    settings = Settings.from_env(os.environ)
    asked = subject_of(subject)
    now = utc_now()
    if on is not None and (offline or isinstance(asked, Path)):
        raise click.UsageError("--on takes a code and asks the registry")
    if on is not None and on.date() > now.astimezone(HANOI).date():
        raise click.UsageError("--on takes a day that has come: nobody knows what holds later")
    answers = [] if proof is None else [verify_offline(settings.trust, asked, proof)]
    if status_list is not None:
        answers.append(verify_by_list(settings.trust, asked, status_list, now))
    if not offline:
        answers.append(verify_online(settings, asked, None if on is None else on.date()))
    # All must say valid; the first that does not is the answer.
    answer = next((one for one in answers if not one.is_valid), answers[-1])
    if as_json:
        fields = {"verdict": answer.verdict} | answer.fields | {"reasons": answer.reasons}
        click.echo(json.dumps(fields, ensure_ascii=False))
    else:
        _tell(answer, on)
    sys.exit(0 if answer.is_valid else 1)


def _tell(answer: "Verification", on: datetime | None) -> None:
    if answer.then is not None and on is not None:
        click.echo(f"{answer.then} on {on.date().isoformat()}, {answer.verdict} now")
    else:
        click.echo(answer.verdict)
    for reason in answer.reasons:
        click.echo(f"  {reason}")
