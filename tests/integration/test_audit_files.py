"""The audit of a log's public files names the file, the entry and what was expected of it."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from registry.audit import Report
from registry.audit.files import audit_files
from registry.log.checkpoint import Checkpoint
from registry.log.policy import policy_of_log
from registry.log.tiles import bundle, split_bundle
from tests.testkit.copies import VKEY
from tests.testkit.log_files import serving
from tests.testkit.public_log import PublicLog, closed, honest, issued, revoked, superseded

POLICY = policy_of_log(VKEY)
SIZE = 600  # two full bundles and a partial one


@pytest.fixture
def log(tmp_path: Path) -> PublicLog:
    return PublicLog(tmp_path / "log", honest(SIZE))


async def audited(log: PublicLog, since: Checkpoint | None = None) -> Report:
    return await audit_files(str(log.directory), POLICY, since=since)


async def said(log: PublicLog, since: Checkpoint | None = None) -> list[tuple[str, str, str]]:
    return [(one.what, one.where, one.field) for one in (await audited(log, since)).findings]


def flipped(at: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def with_entry(at: int, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """One body of a bundle changed."""

    def changed(content: bytes) -> bytes:
        bodies = split_bundle(content)
        return bundle([*bodies[:at], change(bodies[at]), *bodies[at + 1 :]])

    return changed


def another_number(one: bytes) -> bytes:
    return one.replace(b'"number":', b'"number":7')


def swapped(content: bytes) -> bytes:
    bodies = split_bundle(content)
    bodies[10], bodies[11] = bodies[11], bodies[10]
    return bundle(bodies)


@pytest.mark.parametrize("size", [0, 1, 15, 255, 256, 257, 600, 1024])
async def test_an_honest_log_is_clean(tmp_path: Path, size: int) -> None:
    log = PublicLog(tmp_path / "log", honest(size))
    report = await audited(log)
    assert (report.entries, report.checkpoint_size, report.findings) == (size, size, [])


async def test_it_is_read_over_http(log: PublicLog) -> None:
    with serving(log.directory) as url:
        assert (await audit_files(url, POLICY)).clean


async def test_several_processes_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.audit.files._FEW", 0)
    log = PublicLog(tmp_path / "log", honest(SIZE))
    log.change("0/001", flipped(32 * 9))
    alone = await audited(log)
    told: list[tuple[int, int]] = []
    report = await audit_files(
        str(log.directory), POLICY, processes=2, progress=lambda *one: told.append(one)
    )
    assert report == alone
    assert told[-1] == (SIZE, SIZE)


@pytest.mark.parametrize(
    ("path", "change", "expected"),
    [
        (
            "entries/000",
            with_entry(20, another_number),
            [("entry", "entry 20 in tile/entries/000", "leaf_hash")],
        ),
        (
            "entries/002.p/88",
            with_entry(20, another_number),
            [("entry", "entry 532 in tile/entries/002", "leaf_hash")],
        ),
        (
            "entries/001",
            with_entry(3, lambda one: one + b" "),
            [
                ("body", "entry 259 in tile/entries/001", "body"),
                ("entry", "entry 259 in tile/entries/001", "leaf_hash"),
            ],
        ),
        ("0/001", flipped(32 * 9), [("tile", "tile/0/001", "hash 9")]),
        ("0/002.p/88", flipped(32 * 9), [("tile", "tile/0/002.p/88", "hash 9")]),
        ("1/000.p/2", flipped(32), [("tile", "tile/1/000.p/2", "hash 1")]),
        (
            "entries/000",
            lambda content: content[:-1],
            [("file", "tile/entries/000", "content")],
        ),
        (
            "entries/000",
            lambda content: bundle(split_bundle(content)[:-1]),
            [("file", "tile/entries/000", "content")],
        ),
        (
            "entries/000",
            swapped,
            [
                ("time", "entry 11 in tile/entries/000", "occurred_at"),
                ("entry", "entry 10 in tile/entries/000", "leaf_hash"),
                ("entry", "entry 11 in tile/entries/000", "leaf_hash"),
            ],
        ),
        ("0/000", lambda content: content[:-32], [("file", "tile/0/000", "content")]),
        ("1/000.p/2", lambda content: content[:-1], [("file", "tile/1/000.p/2", "content")]),
    ],
)
async def test_an_altered_file_is_named(
    log: PublicLog,
    path: str,
    change: Callable[[bytes], bytes],
    expected: list[tuple[str, str, str]],
) -> None:
    log.change(path, change)
    assert await said(log) == expected


async def test_expected_and_found_hashes_are_shown(log: PublicLog) -> None:
    log.change("0/001", flipped(32 * 9))
    [finding] = (await audited(log)).findings
    assert finding.found[:2] != finding.expected[:2]
    assert finding.found[2:] == finding.expected[2:]
    assert len(finding.expected) == 64


@pytest.mark.parametrize("path", ["entries/000", "0/000", "1/000.p/2", "entries/002.p/88"])
async def test_a_missing_file_is_named(log: PublicLog, path: str) -> None:
    (log.directory / "tile" / path).unlink()
    [finding] = (await audited(log)).findings
    assert (finding.what, finding.where) == ("file", f"tile/{path}")
    assert finding.found == "there is none"


async def test_an_entry_changed_together_with_its_tile(log: PublicLog) -> None:
    """Bundle and tile agree; the tile above tells."""
    log.change("entries/000", with_entry(20, another_number))
    changed = PublicLog(log.directory.parent / "other", honest(SIZE))
    changed.bodies[20] = another_number(changed.bodies[20])
    changed.write()
    log.change("0/000", lambda _: (changed.directory / "tile/0/000").read_bytes())
    assert await said(log) == [("tile", "tile/0/000", "root_hash")]


async def test_everything_rewritten_but_the_checkpoint(log: PublicLog) -> None:
    note = log.checkpoint().note
    log.bodies[20] = another_number(log.bodies[20])
    log.write()
    (log.directory / "checkpoint").write_text(note)
    assert await said(log) == [("checkpoint", "checkpoint", "root_hash")]


async def test_a_rewritten_log_is_caught_by_whoever_kept_a_checkpoint(log: PublicLog) -> None:
    kept = log.checkpoint(300)
    assert await said(log, since=kept) == []
    log.bodies[20] = another_number(log.bodies[20])
    log.write()
    assert await said(log) == []
    assert await said(log, since=kept) == [("checkpoint", "kept checkpoint 300", "root_hash")]


async def test_a_log_cut_short_is_caught_by_whoever_kept_a_checkpoint(log: PublicLog) -> None:
    kept = log.checkpoint()
    log.bodies = log.bodies[:300]
    log.write()
    assert await said(log, since=kept) == [("checkpoint", f"kept checkpoint {SIZE}", "size")]


async def test_what_the_law_forbids_is_named(tmp_path: Path) -> None:
    entries = honest(SIZE)
    entries[300] = revoked(300, of=98)  # was revoked by entry 99
    entries[301] = revoked(301, of=SIZE + 5)
    entries[302] = msgspec.structs.replace(issued(302), code_hash=issued(30).code_hash)
    entries[303] = msgspec.structs.replace(issued(303), pdf_digest=issued(31).pdf_digest)
    entries[304] = revoked(304, of=400)
    entries[305] = superseded(305, of=250, by=SIZE + 5)
    entries[306] = superseded(306, of=251, by=98)
    entries[307] = superseded(307, of=252, by=253)
    entries[308], entries[309] = closed(308), closed(309)
    entries[310] = msgspec.structs.replace(issued(310), occurred_at=issued(200).occurred_at)
    log = PublicLog(tmp_path / "log", entries)
    assert await said(log) == [
        ("time", "entry 310 in tile/entries/001", "occurred_at"),
        ("duplicate", "entry 302 in tile/entries/001", "code_hash"),
        ("duplicate", "entry 303 in tile/entries/001", "pdf_digest"),
        ("status", "entry 300 in tile/entries/001", "kind"),
        ("status", "entry 301 in tile/entries/001", "kind"),
        ("status", "entry 304 in tile/entries/001", "kind"),
        ("status", "entry 305 in tile/entries/001", "successor"),
        ("status", "entry 306 in tile/entries/001", "successor"),
        ("duplicate", "entry 309 in tile/entries/001", "year"),
    ]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({"number": 0}, "book number"),
        ({"number": 2**31}, "book number"),
        ({"unit_code": " "}, "cannot be empty"),
        ({"version": 2}, "version 1"),
        ({"occurred_at": "2026-02-30T00:00:00.000000Z"}, "version 1"),
        ({"occurred_at": "2026-11-22T24:00:00.000000Z"}, "version 1"),
        ({"code_hash": "AB" * 32}, "canonical"),
        ({"code_hash": "g0" * 32}, "version 1"),
        ({"more": 1}, "version 1"),
    ],
)
async def test_a_log_of_malformed_bodies_is_named(
    tmp_path: Path, written: dict[str, object], found: str
) -> None:
    """Hashed, signed and served in order: only the reading of bodies can tell."""
    log = PublicLog(tmp_path / "log", honest(SIZE))
    for at in range(100, 198):
        read = msgspec.json.decode(log.bodies[at]) | written
        log.bodies[at] = msgspec.json.encode(dict(sorted(read.items())))
    log.write()
    findings = (await audited(log)).findings
    assert [(one.what, one.field) for one in findings] == [("body", "body")] * 9
    assert findings[0].where == "entry 100 in tile/entries/000"
    assert found in findings[0].found
    assert findings[8].found.startswith("90 more")


async def test_a_bundle_out_of_place_is_named_and_not_each_of_its_entries(log: PublicLog) -> None:
    log.change("entries/001", lambda _: (log.directory / "tile/entries/000").read_bytes())
    findings = (await audited(log)).findings
    shown = [(one.where, one.field) for one in findings]
    assert ("entry 256 in tile/entries/001", "leaf_hash") in shown
    [rest] = [one for one in findings if (one.where, one.what) == ("tile/entries/001", "entry")]
    assert rest.found == (
        "248 more that contradict it, the last: entry 511 in tile/entries/001, leaf_hash"
    )
    assert len(findings) < 50
