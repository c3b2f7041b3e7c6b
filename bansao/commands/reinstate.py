"""`bansao reinstate`: end a copy's suspension."""

from typing import Any

import click

from bansao.commands.deciding import decide_and_tell, decision_options


@click.command()
@decision_options
def command(**asked: Any) -> None:
    """End the suspension of the copy with CODE."""
    decide_and_tell("reinstate", "valid", **asked)
