"""`bansao audit`: everything in a log against everything else; from its database or its files."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from registry.audit import Progress, Report
    from registry.audit.bookmark import Bookmark
    from registry.log.checkpoint import Checkpoint
    from registry.log.policy import Policy

#: Below it the processes take longer to start than one takes for everything.
_FEW_ENTRIES: Final = 20_000


@click.command()
@click.argument("location", required=False)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; one a core by default.")
@click.option(
    "--resume", is_flag=True, help="Go on where an interrupted audit of the database had come to."
)
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier checkpoint or proof, kept by anybody, that the log must continue.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def command(
    location: str | None, workers: int | None, resume: bool, since: Path | None, as_json: bool
) -> None:
    """Walk the whole registry, or the log at LOCATION, and name every contradiction.

    LOCATION is http(s)://…/log of a running portal, s3://…, or a directory that `bansao export
    tiles` has written. Exits 1 when there is a contradiction.
    """
    settings = Settings.from_env(os.environ)
    how = _How(workers or len(os.sched_getaffinity(0)), resume, since)
    if resume and location is not None:
        raise click.UsageError("only the audit of a database is resumed")
    if location is None:
        report = _audit_database(settings, how)
    else:
        report = _audit_files(settings, location, how)
    _print(report, as_json)
    sys.exit(0 if report.clean else 1)


class _How(NamedTuple):
    workers: int
    resume: bool
    since: Path | None


def _audit_database(settings: Settings, how: _How) -> "Report":
    from bansao.database import open_registry
    from bansao.verification import trusted_log
    from registry.settings import Settings as RegistrySettings

    with open_registry(settings):
        policy = trusted_log(settings.trust)
        url = RegistrySettings.from_env(os.environ).role_url("registry_reader")
        bookmark = _bookmark(settings, "database", how.resume)
        with _progress() as progress:
            return asyncio.run(_walk(url, policy, how, bookmark, progress))


async def _walk(
    url: str, policy: "Policy", how: _How, bookmark: "Bookmark", progress: "Progress"
) -> "Report":
    from registry.audit import audit
    from registry.store import Store

    since = _kept(how.since, policy)
    async with await Store.connect(url, connections=1) as store:
        async with store.walking() as walking:
            few = (await walking.extent()).rows < _FEW_ENTRIES
        if few:
            return await audit(store, policy, progress, since=since)
    from registry.audit.parallel import audit_in_parallel

    return await audit_in_parallel(
        url, policy, processes=how.workers, progress=progress, bookmark=bookmark, since=since
    )


def _audit_files(settings: Settings, location: str, how: _How) -> "Report":
    from bansao.verification import trusted_log
    from registry.audit.files import audit_files

    policy = trusted_log(settings.trust)
    with _progress() as progress:
        return asyncio.run(
            audit_files(
                location,
                policy,
                processes=how.workers,
                progress=progress,
                since=_kept(how.since, policy),
            )
        )


def _bookmark(settings: Settings, of: str, resume: bool) -> "Bookmark":
    from registry.audit.bookmark import Bookmark

    bookmark = Bookmark(settings.data / "audit" / f"{of}.bookmark")
    if not resume:
        bookmark.remove()
    return bookmark


def _kept(file: Path | None, policy: "Policy") -> "Checkpoint | None":
    """The checkpoint in a note or in a proof."""
    from bansao.errors import WrongQuestion
    from registry.log.note import NoteRefused
    from registry.log.proof import ProofRefused
    from registry.log.proof_file import parse_proof

    if file is None:
        return None
    try:
        text = file.read_text("utf-8")
        is_proof = text.startswith("c2sp.org/tlog-proof@")
        return policy.open_log_note(parse_proof(text).checkpoint.note if is_proof else text)
    except (NoteRefused, ProofRefused, UnicodeDecodeError) as refusal:
        raise WrongQuestion(f"{file} holds no checkpoint of a trusted log: {refusal}") from None


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar on standard error, where somebody watches."""
    from tqdm import tqdm

    with tqdm(unit=" entries", unit_scale=True, disable=None, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _print(report: "Report", as_json: bool) -> None:
    import msgspec

    if as_json:
        answer = msgspec.to_builtins(report) | {"clean": report.clean}
        click.echo(msgspec.json.encode(answer).decode())
        return
    for finding in report.findings:
        click.echo(
            f"{finding.where}: {finding.what} ({finding.field}): "
            f"expected {finding.expected}, found {finding.found}"
        )
    state = "clean" if report.clean else f"{len(report.findings)} contradictions"
    since = f" from {report.start} on" if report.start else ""
    click.echo(f"{report.entries} entries{since}, checkpoint {report.checkpoint_size}: {state}")
