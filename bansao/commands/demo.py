"""`bansao demo`: everything on this machine."""

import os
import signal
from typing import TYPE_CHECKING

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from bansao.demo import Running


@click.command()
@click.option(
    "--port-base",
    envvar="BANSAO_PORT_BASE",
    type=click.IntRange(1024, 65000),
    default=8000,
    show_default=True,
    help="The kiosk listens on the next port; then desk, portal, dashboard, time stamps, witness.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object when ready.")
def command(port_base: int, as_json: bool) -> None:
    """Run database, kiosk, desk, portal and dashboard on this machine until Ctrl-C."""
    from bansao.demo import running_demo

    def tell(step: str) -> None:
        click.echo(f"  {step}", err=True)

    # Being asked to end is no failure, from a terminal or from a service manager; a shell that
    # starts us in the background would have us ignore Ctrl-C.
    for request in (signal.SIGTERM, signal.SIGINT):
        signal.signal(request, signal.default_int_handler)
    settings = Settings.from_env(os.environ)
    click.echo(f"Bản Sao, a demo on this machine; its data: {settings.data}", err=True)
    with running_demo(settings, port_base, tell) as demo:
        try:
            _announce(demo.summary, as_json=as_json)
            demo.watch()
        except KeyboardInterrupt:
            click.echo("  stopping …", err=True)


def _announce(ready: "Running", *, as_json: bool) -> None:
    import msgspec

    if as_json:
        click.echo(msgspec.json.encode(ready).decode())
        return
    click.echo(f"kiosk       {ready.kiosk}")
    click.echo(f"desk        {ready.desk}")
    for login in ready.officers:
        click.echo(f"              user {login.username}  password {login.password}")
    click.echo(f"portal      {ready.portal}")
    click.echo(f"agency key  {ready.agency_key}")
    click.echo(f"dashboard   {ready.dashboard}")
    click.echo(f"witness     {ready.witness}/healthz")
    if ready.first_copy:
        click.echo(f"first copy  {ready.portal}/c/{ready.first_copy}")
    click.echo("ready (Ctrl-C stops everything)")
