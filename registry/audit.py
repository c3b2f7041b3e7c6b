"""Re-walking the whole book: everything that is stored against everything it must follow from.

Nothing that the database checks by itself is believed: a superuser can switch triggers off. Each
contradiction is named with its row and field. Findings do not avalanche: what is wrong in one row
is said there, and the walk goes on from what is stored.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from registry.certified_copy import Facts, opens
from registry.chain import GENESIS, Head, Link, entry_hash
from registry.entry import Entry, Issued, parse_entry
from registry.errors import IllegalTransition, MalformedEntry, UnknownCopy
from registry.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from registry.log.note import NoteRefused, Verifier, parse_verifier
from registry.log.tiles import Tile, TileBuilder
from registry.log.tree import leaf_hash
from registry.status import status_of
from registry.store import Store
from registry.store.rows import COLUMNS, columns_of
from registry.store.walking import CheckpointRow, EntryRow, Walking

#: A broken log of millions need not be listed whole: the first findings say where it broke.
MAX_FINDINGS: Final = 1000
_PROGRESS_STEP: Final = 2048

Progress = Callable[[int, int], None]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One contradiction: its kind, `where` (table and row), the field, expected and found value."""

    what: str
    where: str
    field: str
    expected: str
    found: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """`entries` were walked; `checkpoint_size` is the newest checkpoint's, 0 without one."""

    entries: int
    checkpoint_size: int
    findings: list[Finding]

    @property
    def clean(self) -> bool:
        return not self.findings


async def audit(store: Store, vkey: str | None = None, progress: Progress | None = None) -> Report:
    """Walk the registry as it is at one moment, while appends go on; any reading role serves.

    `vkey` is the log's verifier key line: with it, checkpoints must bear its signature and name.
    `progress(done, all)` is called now and then. Findings are capped at MAX_FINDINGS.
    """
    async with store.walking() as walking:
        walk = _Walk(walking, parse_verifier(vkey) if vkey else None, progress)
        return await walk.report()


class _Walk:
    def __init__(
        self, walking: Walking, verifier: Verifier | None, progress: Progress | None
    ) -> None:
        self._walking = walking
        self._verifier = verifier
        self._progress = progress or (lambda done, total: None)
        self._findings: list[Finding] = []
        self._builder = TileBuilder()
        self._end = GENESIS
        self._roots: Iterator[CheckpointRow] = iter(())
        self._next_root: CheckpointRow | None = None
        self._tiles = 0

    async def report(self) -> Report:
        checkpoints = await self._walking.checkpoints()
        for row in checkpoints:
            self._check_note(row)
        self._roots = iter(checkpoints)
        self._next_root = next(self._roots, None)
        published = checkpoints[-1].size if checkpoints else 0
        entries = await self._walk_entries(published)
        await self._check_end(entries)
        await self._check_statuses()
        await self._check_uniqueness()
        await self._check_book()
        return Report(entries=entries, checkpoint_size=published, findings=self._findings)

    def _find(self, what: str, where: str, field: str, expected: object, found: object) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(
                Finding(
                    what=what,
                    where=where,
                    field=field,
                    expected=_shown(expected),
                    found=_shown(found),
                )
            )

    def _compare(self, what: str, where: str, field: str, expected: object, found: object) -> None:
        if expected != found:
            self._find(what, where, field, expected, found)

    # Entries: links, bodies, columns, what stands beside them, and the tree they grow.

    async def _walk_entries(self, published: int) -> int:
        total, done = await self._walking.count_entries(), 0
        erased = await self._walking.erased_codes()
        self._check_roots()
        async for row in self._walking.entries():
            self._check_link(row.link)
            entry = self._check_body(row)
            if entry is not None:
                self._check_copy(row, entry, erased)
            await self._grow(row.link, published)
            done += 1
            if done % _PROGRESS_STEP == 0:
                self._progress(done, total)
        self._progress(done, total)
        return done

    def _check_link(self, link: Link) -> None:
        where = f"entry {link.index}"
        if link.index != self._end.size:
            self._find("index", where, "index", self._end.size, link.index)
        leaf = leaf_hash(link.body)
        self._compare("hash", where, "leaf_hash", leaf, link.leaf_hash)
        self._compare("chain", where, "prev_hash", self._end.entry_hash, link.prev_hash)
        linked = entry_hash(link.prev_hash, link.leaf_hash)
        self._compare("hash", where, "entry_hash", linked, link.entry_hash)
        self._end = Head(link.index + 1, link.entry_hash)

    def _check_body(self, row: EntryRow) -> Entry | None:
        where = f"entry {row.link.index}"
        try:
            entry = parse_entry(row.link.body)
        except MalformedEntry as error:
            self._find("body", where, "body", "a canonical body", error)
            return None
        columns = columns_of(entry)
        if columns != row.columns:
            for (name, _), expected, found in zip(COLUMNS, columns, row.columns, strict=True):
                self._compare("column", where, name, expected, found)
        return entry

    def _check_copy(self, row: EntryRow, entry: Entry, erased: set[bytes]) -> None:
        where = f"copy {row.link.index}"
        if not isinstance(entry, Issued):
            return
        gone = entry.code_hash in erased
        if row.facts is None or row.salt is None:
            if not gone:
                self._find("copy", where, "facts", "a row beside its entry", "none")
            return
        if gone:
            self._find("copy", where, "facts", "none: the copy is erased", "a row")
            return
        self._compare("copy", where, "code_hash", entry.code_hash, row.copy_code_hash)
        try:
            opened = opens(entry.commitment, msgspec.json.decode(row.facts, type=Facts), row.salt)
        except (ValueError, msgspec.MsgspecError):
            opened = False
        if not opened:
            # Its values are personal: only their commitment may be shown.
            self._find("commitment", where, "facts", entry.commitment, "facts that do not open it")

    async def _grow(self, link: Link, published: int) -> None:
        for tile in self._builder.append(link.leaf_hash):
            await self._check_tile(tile, published)
        self._check_roots()

    async def _check_tile(self, tile: Tile, published: int) -> None:
        where = f"tile {tile.level}/{tile.index}"
        stored = await self._walking.tile(tile.level, tile.index)
        if stored is None:
            if self._builder.size <= published:
                self._find("tile", where, "hashes", "a full tile", "none")
            return
        self._tiles += 1
        self._compare("tile", where, "hashes", tile.hashes, stored.hashes)
        self._compare("tile", where, "root_hash", tile.root_hash, stored.root_hash)

    # Checkpoints.

    def _check_roots(self) -> None:
        """Compare the tree with each checkpoint of its present size."""
        while self._next_root is not None and self._next_root.size == self._builder.size:
            row, self._next_root = self._next_root, next(self._roots, None)
            root = self._builder.root()
            self._compare("checkpoint", f"checkpoint {row.size}", "root_hash", root, row.root_hash)

    def _check_note(self, row: CheckpointRow) -> None:
        where = f"checkpoint {row.size}"
        try:
            checkpoint = self._open(row.note)
        except NoteRefused as error:
            self._find("signature", where, "note", "a note signed by the log", error)
            return
        self._compare("checkpoint", where, "note size", row.size, checkpoint.size)
        self._compare("checkpoint", where, "note root", row.root_hash, checkpoint.root_hash)

    def _open(self, note: str) -> Checkpoint:
        if self._verifier is None:
            return parse_checkpoint(note)
        return open_checkpoint(note, self._verifier.name, [self._verifier])

    # What only the whole can tell.

    async def _check_end(self, entries: int) -> None:
        head = await self._walking.head()
        if head is None:
            self._find("head", "head", "size", entries, "no head")
        else:
            self._compare("head", "head", "size", self._end.size, head.size)
            self._compare("head", "head", "entry_hash", self._end.entry_hash, head.entry_hash)
        while self._next_root is not None:
            row, self._next_root = self._next_root, next(self._roots, None)
            self._find(
                "checkpoint",
                f"checkpoint {row.size}",
                "size",
                f"at most {entries} entries",
                row.size,
            )
        tiles = await self._walking.count_tiles()
        self._compare("tile", "tile", "count", self._tiles, tiles)

    async def _check_statuses(self) -> None:
        """Every change of a code is lawful after the ones before it."""
        for code_hash in await self._walking.changed_codes():
            history = await self._walking.bodies_of(code_hash)
            try:
                status_of(parse_entry(body) for _, body in history)
            except (IllegalTransition, UnknownCopy) as error:
                self._find("status", f"entry {history[-1][0]}", "kind", "a lawful change", error)
            except MalformedEntry:
                continue  # named already, where its body was read

    async def _check_uniqueness(self) -> None:
        for column, value, index in await self._walking.issued_twice():
            self._find("duplicate", f"entry {index}", column, "issued once", value)
        for index in await self._walking.stray_copies():
            self._find("copy", f"copy {index}", "entry_index", "an issuing entry", "none")

    async def _check_book(self) -> None:
        for fault in await self._walking.book_faults():
            where = f"book {fault.book} of unit {fault.unit_code}, number {fault.number}"
            self._find("book", where, "number", fault.expected, fault.found)


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex() if len(value) <= 32 else f"{len(value)} bytes, {_digest(value)}"
    return str(value)


def _digest(value: bytes) -> str:
    return f"leaf hash {leaf_hash(value).hex()}"
