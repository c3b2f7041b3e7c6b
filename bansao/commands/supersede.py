"""`bansao supersede`: let another copy take a copy's place."""

from typing import Any

import click

from bansao.commands.deciding import decide_and_tell, decision_options


@click.command()
@decision_options
@click.option(
    "--successor",
    required=True,
    metavar="CODE",
    help="Code of the copy that takes its place and is in force.",
)
def command(**asked: Any) -> None:
    """Let another copy take the place of the copy with CODE."""
    decide_and_tell("supersede", "superseded", **asked)
