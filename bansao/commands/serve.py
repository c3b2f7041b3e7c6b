"""`bansao serve`: one process of an installation."""

from pathlib import Path

import click

from bansao.ports import PORTS, SERVED, WEB_ROOMS


@click.command()
@click.argument("room", type=click.Choice(SERVED))
@click.option("--host", envvar="BANSAO_HOST", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    envvar="BANSAO_PORT",
    type=click.IntRange(1, 65535),
    help="Its own; the publisher's, when given, tells Prometheus how it stands.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option(
    "--alive",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Without a port: a file touched every few seconds while the work goes on.",
)
@click.option("--until-parent-ends", "parent", type=int, hidden=True)
def command(
    room: str, host: str, port: int | None, workers: int, alive: Path | None, parent: int | None
) -> None:
    """Run ROOM of an installation: its pages, or its work in the background.

    Needs BANSAO_DATABASE_URL, and the room's own secrets in BANSAO_SECRETS.
    """
    from bansao import serve
    from bansao.lifeline import die_with_parent

    if parent is not None:
        die_with_parent(parent)
    if room in WEB_ROOMS:
        serve.serve_web(room, host, port or PORTS[room], workers)
    elif room == "analytics":
        serve.serve_analytics(host, port or PORTS[room])
    elif room == "tsa":
        serve.serve_tsa(host, port or PORTS[room])
    elif room == "publisher":
        serve.serve_publisher((host, port) if port is not None else None, alive)
    else:
        serve.serve_worker(alive)
