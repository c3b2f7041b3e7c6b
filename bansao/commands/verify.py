"""`bansao verify`: one copy, by its code or its file."""

import json
import os
import sys
from pathlib import Path

import click

from bansao.settings import Settings


@click.command()
@click.argument("subject", metavar="CODE|FILE")
@click.option(
    "--proof",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A proof file (C2SP tlog-proof) that must hold for this copy.",
)
@click.option("--offline", is_flag=True, help="Only by --proof and the log's key; no database.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(subject: str, proof: Path | None, offline: bool, as_json: bool) -> None:
    """Check the copy with this code, or this PDF file. Exit 0 only for `valid`."""
    from bansao.verify import subject_of, verify_offline, verify_online

    if offline and proof is None:
        raise click.UsageError("--offline needs --proof FILE: without either nothing is proved")
    settings = Settings.from_env(os.environ)
    asked = subject_of(subject)
    answers = [] if proof is None else [verify_offline(settings.trust, asked, proof)]
    if not offline:
        answers.append(verify_online(settings, asked))
    # All must say valid; the first that does not is the answer.
    answer = next((one for one in answers if one.verdict != "valid"), answers[-1])
    if as_json:
        fields = {"verdict": answer.verdict} | answer.fields | {"reasons": answer.reasons}
        click.echo(json.dumps(fields, ensure_ascii=False))
    else:
        click.echo(answer.verdict)
        for reason in answer.reasons:
            click.echo(f"  {reason}")
    sys.exit(0 if answer.verdict == "valid" else 1)
