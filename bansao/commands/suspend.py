"""`bansao suspend`: take a copy's value away for a time."""

from typing import Any

import click

from bansao.commands.deciding import decide_and_tell, decision_options


@click.command()
@decision_options
def command(**asked: Any) -> None:
    """Take away what the copy with CODE is worth, until it is reinstated or revoked."""
    decide_and_tell("suspend", "suspended", **asked)
