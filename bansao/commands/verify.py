"""`bansao verify`: one copy, by its code or its file; or a receipt of an earlier verdict."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from bansao.verification import Verification


@click.command()
@click.argument("subject", metavar="CODE|FILE|QR|RECEIPT")
@click.option(
    "--proof",
    "proofs",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that must hold: the proof of the copy's entry (C2SP tlog-proof), of what the log "
    "holds about its code (map-proof), or both, each with its own --proof.",
)
@click.option(
    "--offline",
    is_flag=True,
    help="No database: by --proof and the log's key, or by the seal in a QR code's text alone.",
)
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
    proofs: tuple[Path, ...],
    offline: bool,
    status_list: Path | None,
    on: datetime | None,
    as_json: bool,
) -> None:
    """Check the copy with this code, this PDF file, or the text of its QR code (URL#seal); or a
    portal's receipt (JSON, PDF), which brings its own proofs. Exit 0 only for `valid`.
    """
    from bansao.receipt import is_receipt, verify_receipt
    from bansao.status_list import verify_by_list, verify_by_seal
    from bansao.verify import subject_of, verify_online
    from registry.clock import HANOI, utc_now

    settings = Settings.from_env(os.environ)
    asked = subject_of(subject)
    if isinstance(asked, Path) and is_receipt(asked):
        if proofs or status_list is not None or on is not None:
            raise click.UsageError("a receipt brings its own proofs: leave the other options out")
        _end(verify_receipt(settings, asked, offline=offline), as_json=as_json)
    offline = offline or status_list is not None
    by_seal = offline and not proofs and status_list is None
    if by_seal and (isinstance(asked, Path) or "#" not in asked):
        raise click.UsageError(
            "--offline needs --proof FILE, or the whole text of a QR code with its seal: without "
            "either nothing is proved"
        )
    now = utc_now()
    if on is not None and (offline or isinstance(asked, Path)):
        raise click.UsageError("--on takes a code and asks the registry")
    if on is not None and on.date() > now.astimezone(HANOI).date():
        raise click.UsageError("--on takes a day that has come: nobody knows what holds later")
    answers = _by_proofs(settings.trust, asked, proofs)
    if by_seal:
        answers.append(verify_by_seal(settings.trust, str(asked), now))
    if status_list is not None:
        answers.append(verify_by_list(settings.trust, asked, status_list, now))
    if not offline:
        answers.append(verify_online(settings, asked, None if on is None else on.date()))
    # All must say valid; the first that does not is the answer.
    _end(next((one for one in answers if not one.is_valid), answers[-1]), on, as_json=as_json)


def _end(answer: "Verification", on: datetime | None = None, *, as_json: bool) -> NoReturn:
    if as_json:
        fields = {"verdict": answer.verdict} | answer.fields | {"reasons": answer.reasons}
        click.echo(json.dumps(fields, ensure_ascii=False))
    else:
        _tell(answer, on)
    sys.exit(0 if answer.is_valid else 1)


def _by_proofs(trust: Path, asked: str | Path, proofs: tuple[Path, ...]) -> list["Verification"]:
    from bansao.map_proof import holds_map_proof, verify_by_map
    from bansao.verify import verify_offline

    about_code = [proof for proof in proofs if holds_map_proof(proof)]
    answers = [verify_offline(trust, asked, one) for one in proofs if one not in about_code]
    if about_code and isinstance(asked, Path):
        raise click.UsageError("a map-proof is about a code: give the code in place of the file")
    return answers + [verify_by_map(trust, str(asked), one) for one in about_code]


def _tell(answer: "Verification", on: datetime | None) -> None:
    if answer.then is not None and on is not None:
        click.echo(f"{answer.then} on {on.date().isoformat()}, {answer.verdict} now")
    else:
        click.echo(answer.verdict)
    for reason in answer.reasons:
        click.echo(f"  {reason}")
