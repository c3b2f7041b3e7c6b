"""`bansao revoke`: withdraw a copy by a decision."""

from typing import Any

import click

from bansao.commands.deciding import decide_and_tell, decision_options


@click.command()
@decision_options
def command(**asked: Any) -> None:
    """Withdraw the copy with CODE, for ever; anyone who asks is told the decision."""
    decide_and_tell("revoke", "revoked", **asked)
