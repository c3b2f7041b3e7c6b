"""`bansao issue`: from scanned original to certified copy, without a browser."""

import os
from pathlib import Path
from typing import get_args

import click

from bansao.settings import Settings
from intake.recognise.reading import DocumentType

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("scans", metavar="SCAN…", nargs=-1, required=True, type=_FILE)
@click.option("--id-card", required=True, type=_FILE, help="Photo of the ID card's front.")
@click.option("--id-card-back", type=_FILE, help="Photo of its back, for the MRZ.")
@click.option("--face", required=True, type=_FILE, help="Live photo of the requester.")
@click.option(
    "--type",
    "document_type",
    type=click.Choice(get_args(DocumentType)),
    help="What the document is; else it is recognised.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where the PDF and its proof are put; else here.",
)
@click.option("--officer", default="lan", show_default=True, help="The demo officer who signs.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    scans: tuple[Path, ...],
    id_card: Path,
    id_card_back: Path | None,
    face: Path,
    document_type: str | None,
    out: Path,
    officer: str,
    as_json: bool,
) -> None:
    """Make a certified copy of the original that SCAN… shows (JPEG, PNG, TIFF, PDF).

    A demo officer signs what was read. CODE.pdf and CODE.proof are written; `bansao verify`
    checks both.
    """
    import msgspec

    from bansao.counter import issue_alone
    from bansao.walk import Papers, in_words

    papers = Papers(
        scans=[scan.read_bytes() for scan in scans],
        card_front=id_card.read_bytes(),
        card_back=id_card_back.read_bytes() if id_card_back else None,
        face=face.read_bytes(),
        document_type=document_type,
    )
    # Before the walk: what is issued must have a place to go.
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.BadParameter(f"{out} cannot be made: {error.strerror}") from error
    issued = issue_alone(Settings.from_env(os.environ), papers, officer, _tell)
    pdf, proof = out / f"{issued.code}.pdf", out / f"{issued.code}.proof"
    pdf.write_bytes(issued.pdf)
    proof.write_text(issued.proof, "utf-8")
    fields = msgspec.to_builtins(issued) | {"pdf": str(pdf), "proof": str(proof)}
    for flag in issued.flags:
        if flag.severity == "alarm" or not as_json:
            click.echo(f"  {flag.severity}: {in_words(flag)}", err=as_json)
    if as_json:
        click.echo(msgspec.json.encode(fields).decode())
    else:
        click.echo(f"{issued.code}  {issued.title}, no. {issued.number} of {issued.book}")
        click.echo(f"{pdf}\n{proof}")


def _tell(step: str) -> None:
    click.echo(f"  {step}", err=True)
