"""`bansao witness`: remember what a log said, cosign what continues it, refuse the rest."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from registry.log.policy import TrustedLog
    from registry.witness.standing import Standing
    from registry.witness.witness import Witness


def _address(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise click.BadParameter(f"{value} is not of the form 127.0.0.1:8006")
    return host.strip("[]"), int(port)


@click.command()
@click.option(
    "--data",
    envvar="BANSAO_WITNESS_DATA",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".bansao-witness"),
    show_default=True,
    help="Its key, memory and evidence.",
)
@click.option("--name", help="Of a new key: an address without https://, such as w1.example.org.")
@click.option(
    "--log",
    "logs",
    type=(str, str),
    multiple=True,
    metavar="VKEY URL",
    help="A log to watch: its public key, and where its files are.",
)
@click.option(
    "--policy",
    envvar="BANSAO_POLICY",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Watch the logs of this file (C2SP tlog-policy).",
)
@click.option(
    "--peer", "peers", multiple=True, metavar="URL", help="Another witness to compare with."
)
@click.option(
    "--listen",
    metavar="HOST:PORT",
    callback=_address,
    default="127.0.0.1:8006",
    show_default=True,
)
@click.option(
    "--every",
    type=click.FloatRange(0.1, 86400),
    default=5.0,
    show_default=True,
    help="Seconds between two looks at a log.",
)
@click.option("--once", is_flag=True, help="Look once, tell, end; listen to nobody.")
@click.option(
    "--forgive", metavar="ORIGIN", help="Watch a log again that forked; the evidence stays."
)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.option("--until-parent-ends", "parent", type=int, hidden=True)
def command(
    *,
    data: Path,
    name: str | None,
    logs: tuple[tuple[str, str], ...],
    policy: Path | None,
    peers: tuple[str, ...],
    listen: tuple[str, int],
    every: float,
    once: bool,
    forgive: str | None,
    as_json: bool,
    parent: int | None,
) -> None:
    """Watch logs with a key and a memory of one's own: cosign what continues them, refuse forks.

    Logs ask at http://HOST:PORT/add-checkpoint (C2SP tlog-witness); those with a URL are also
    followed. /healthz tells how they stand, /SHA256-OF-ORIGIN/checkpoint shows what was cosigned.
    With --once, exit 0 only if every log was reached and none raises an alarm.
    """
    from bansao.lifeline import die_with_parent
    from bansao.log_lines import log_as_json
    from bansao.witness import followers, look_once, open_witness, serve

    if parent is not None:
        die_with_parent(parent)
    # One look tells its result in lines of its own.
    log_as_json("CRITICAL" if once else Settings.from_env(os.environ).log_level)
    watched = _watched(logs, policy)
    with open_witness(data.absolute(), name, watched) as witness:
        if forgive is not None:
            _forgive(witness, forgive, as_json=as_json)
        if once:
            _tell(witness, look_once(witness, watched, peers), as_json=as_json)
        serve(
            witness,
            followers(witness, watched, peers),
            *listen,
            every,
            lambda: _announce(witness, listen, as_json=as_json),
        )


def _watched(logs: tuple[tuple[str, str], ...], policy: Path | None) -> "list[TrustedLog]":
    from registry.log.note import NoteRefused, parse_verifier
    from registry.log.policy import PolicyRefused, TrustedLog, parse_policy

    try:
        watched = [TrustedLog(parse_verifier(vkey), url) for vkey, url in logs]
        if policy is not None:
            watched += parse_policy(policy.read_bytes()).logs
    except (NoteRefused, PolicyRefused) as refusal:
        raise click.UsageError(f"what to watch is refused: {refusal}") from None
    if not watched:
        raise click.UsageError("nothing to watch: name a log with --log VKEY URL or --policy FILE")
    return watched


def _forgive(witness: "Witness", origin: str, *, as_json: bool) -> NoReturn:
    forgiven = witness.forgive_fork(origin)
    told = "is watched again, from where it was" if forgiven else "has no fork to forgive"
    click.echo(
        json.dumps({"origin": origin, "forgiven": forgiven}) if as_json else f"{origin} {told}"
    )
    sys.exit(0 if forgiven else 1)


def _tell(witness: "Witness", logs: "list[Standing]", *, as_json: bool) -> NoReturn:
    import msgspec

    bad = [log for log in logs if log.alarming or log.state == "unreachable"]
    if as_json:
        answer = {"witness": witness.vkey, "alarm": bool(bad), "logs": logs}
        click.echo(msgspec.json.encode(answer).decode())
    for log in logs:
        size = "nothing" if log.size is None else f"size {log.size}, root {log.root}"
        line = f"{log.origin}: {log.state}: {log.told}; cosigned {size}"
        if log in bad:
            click.echo(
                f"bansao: {line}" + (f"; evidence in {log.evidence}" if log.evidence else ""),
                err=True,
            )
        elif not as_json:
            click.echo(line)
    sys.exit(1 if bad else 0)


def _announce(witness: "Witness", listen: tuple[str, int], *, as_json: bool) -> None:
    host, port = listen
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if as_json:
        click.echo(json.dumps({"witness": witness.vkey, "url": url, "logs": witness.origins}))
    else:
        click.echo(f"witness  {witness.vkey}")
        click.echo(f"at       {url}/add-checkpoint")
        for origin in witness.origins:
            click.echo(f"watches  {origin}")
    sys.stdout.flush()
