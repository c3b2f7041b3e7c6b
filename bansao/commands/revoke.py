"""`bansao revoke`: withdraw a copy by a decision."""

import asyncio
import getpass
import os
from datetime import datetime

import click

from bansao.settings import Settings


@click.command()
@click.argument("code")
@click.option("--decision", required=True, help="Number of the decision, e.g. 12/QĐ-UBND.")
@click.option("--date", "decided_on", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--reason", default="", help="What the public is told; no personal data.")
@click.option("--by", "decided_by", default="chairman", show_default=True, help="Who decided.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    code: str, decision: str, decided_on: datetime, reason: str, decided_by: str, as_json: bool
) -> None:
    """Withdraw the copy with CODE, for ever; anyone who asks is told the decision."""
    import msgspec

    from bansao.database import open_registry
    from registry.append import Appender
    from registry.certified_copy import Receipt
    from registry.clock import utc_now
    from registry.code import parse_code
    from registry.publish import publish
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    known = parse_code(code)

    async def withdraw() -> Receipt:
        settings = RegistrySettings.from_env(os.environ)
        async with (
            await Store.connect(settings.role_url("registry_writer")) as store,
            Appender(store, utc_now) as appender,
        ):
            receipt = await appender.revoke(
                known,
                decision=decision,
                decided_on=decided_on.date(),
                reason=reason,
                decided_by=decided_by,
                entered_by=getpass.getuser(),
            )
        # Seen by the public only in a signed checkpoint; a running publisher may be first.
        async with await Store.connect(settings.role_url("registry_publisher")) as store:
            await publish(store, settings.log_key(), settings.origin, utc_now)
        return receipt

    with open_registry(Settings.from_env(os.environ), role="registry_writer"):
        receipt = asyncio.run(withdraw())
    if as_json:
        fields = {"code": known, "verdict": "revoked", "decision": decision}
        when = {"date": decided_on.date(), "index": receipt.index}
        click.echo(msgspec.json.encode(fields | when).decode())
    else:
        click.echo(f"{known} revoked by {decision}, entry {receipt.index}")
