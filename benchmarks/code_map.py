"""The map of codes at size: what taking up an entry costs, what a proof costs and weighs.

`python -m benchmarks.code_map 10000000` measures other sizes than `bansao bench proof` does. The
map is built by the code that grows it, from keys that no entry stands behind: proofs need none.
"""

import asyncio
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, median
from typing import Final, NamedTuple

import asyncpg
import msgspec

from benchmarks.bulk import LOG_KEY, ORIGIN, VKEY
from benchmarks.cost import backend_of, cost_of, cpu_seconds
from benchmarks.own_database import OwnDatabase, own_database
from benchmarks.result import Cell, Claim, Result
from registry.integrate import integrate, vouched_root
from registry.log.checkpoint import sign_checkpoint
from registry.log.code_map import Item, Record, extension_line, item_hash
from registry.log.map_pages import DIGITS, above, pages_of
from registry.log.map_proof import check_map_proof
from registry.log.policy import policy_of_log
from registry.log.tree import EMPTY_ROOT
from registry.proving import map_proof
from registry.store import Store

SIZES: Final = (10_000, 1_000_000)
_PROOF_BYTES: Final = 2000
_PROOF_MS: Final = 5.0
BATCHES: Final = (100, 10_000)
_ROUNDS: Final = 3
_CHECKED: Final = 200


class _Taken(NamedTuple):
    """Microseconds of processor time an entry, ours and PostgreSQL's."""

    own: float
    backend: float


async def measured(
    database: OwnDatabase, sizes: Sequence[int]
) -> tuple[list[dict[str, Cell]], list[Claim]]:
    """Rows and claims for each size; the map that was there is thrown away."""
    rows: list[dict[str, Cell]] = []
    claims: list[Claim] = []
    for size in sorted(sizes):
        async with _Map(database, await asyncpg.connect(database.admin_url)) as built:
            await built.build(size)
            cells = await _proofs(database)
            taken = {batch: await built.taken(batch) for batch in BATCHES}
        row: dict[str, Cell] = {"who": "bansao", "proof": "absence", "entries": size, **cells}
        for batch, cost in taken.items():
            row[f"taken_up_by_{batch}_us"] = cost.own + cost.backend
        rows.append(row)
        claims += [
            Claim(
                what=f"bytes of a proof of absence, the longest, among {size:,} codes",
                relation="<=",
                limit=_PROOF_BYTES,
                measured=float(cells["longest_bytes"]),
            ),
            Claim(
                what=f"ms of processor time in the server, proof of absence, among {size:,} codes",
                relation="<=",
                limit=_PROOF_MS,
                measured=float(cells["cpu_p50_ms"]),
            ),
        ]
    return rows, claims


async def _proofs(database: OwnDatabase) -> dict[str, Cell]:
    """Of codes that are not there."""
    policy = policy_of_log(VKEY)
    url = database.role_url("registry_reader")
    async with await Store.connect(url, connections=1) as store:

        async def prove() -> object:
            return await map_proof(store, secrets.token_bytes(32))

        cost = await cost_of(prove, await backend_of(database, "registry_reader"))
        keys = [secrets.token_bytes(32) for _ in range(_CHECKED)]
        texts = [await map_proof(store, key) for key in keys]
    spent = []
    for key, text in zip(keys, texts, strict=True):
        started = time.process_time()
        check_map_proof(text, key, policy)
        spent.append(time.process_time() - started)
    lengths = [len(text.encode()) for text in texts]
    return {
        **cost.cells(),
        "bytes": round(fmean(lengths)),
        "longest_bytes": max(lengths),
        "verify_ms": median(spent) * 1e3,
    }


class _Map:
    """A map of random keys in a database of its own."""

    def __init__(self, database: OwnDatabase, admin: "asyncpg.Connection") -> None:
        self._database = database
        self._admin = admin
        self._signed = sign_checkpoint(ORIGIN, 0, EMPTY_ROOT, LOG_KEY)

    async def __aenter__(self) -> "_Map":
        await self._admin.execute("SET session_replication_role = replica")
        await self._admin.execute(
            "TRUNCATE registry.map_page, registry.checkpoint, registry.publication CASCADE"
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._admin.close()

    async def build(self, size: int) -> None:
        """By the first two digits of the keys, so that little is held in memory."""
        places: list[Item] = [b""] * 256
        first = 0
        for byte in range(256):
            most = size // 256 + (byte < size % 256)
            records = sorted(_records(bytes([byte]), first, most))
            contents, places[byte] = pages_of(f"{byte:02x}", records)
            await self._store(contents, size)
            first += most
        contents, items = {}, []
        for digit, name in enumerate(DIGITS):
            contents, item = above(name, places[16 * digit : 16 * digit + 16], contents)
            items.append(item)
        contents, root = above("", items, contents)
        await self._store(contents, size)
        await self._publish(size, item_hash(root))
        await self._admin.execute("VACUUM ANALYZE registry.map_page")

    async def taken(self, batch: int) -> _Taken:
        """Taking up so many entries at once, by the act that the publisher calls."""
        spent = []
        url = self._database.role_url("registry_publisher")
        async with await Store.connect(url, connections=1) as store:
            backend = await backend_of(self._database, "registry_publisher")
            for _ in range(_ROUNDS):
                end = self._signed.size + batch
                codes = [(at, secrets.token_bytes(32)) for at in range(self._signed.size, end)]
                own, server = time.process_time(), cpu_seconds(backend)
                async with store.publishing() as publishing:
                    head = await publishing.map_head()
                    key = LOG_KEY.public_key()
                    vouched = await vouched_root(publishing, head, self._signed, key)
                    grown = await integrate(publishing, codes, vouched)
                    await publishing.put_pages(grown.contents, end)
                spent.append(
                    _Taken(
                        (time.process_time() - own) / batch * 1e6,
                        (cpu_seconds(backend) - server) / batch * 1e6,
                    )
                )
                await self._publish(end, grown.root)
        return min(spent)

    async def _store(self, contents: Mapping[str, bytes], size: int) -> None:
        await self._admin.copy_records_to_table(
            "map_page",
            schema_name="registry",
            columns=["name", "slot", "size", "content"],
            records=[(name, 0, size, content) for name, content in contents.items()],
        )

    async def _publish(self, size: int, root: bytes) -> None:
        """As a checkpoint of a log that nobody reads: the map's proofs need its line alone."""
        signed = sign_checkpoint(ORIGIN, size, b"\x01" * 32, LOG_KEY, [extension_line(root)])
        await self._admin.execute(
            "WITH signed AS (INSERT INTO registry.checkpoint (size, root_hash, note, signed_at) "
            "VALUES ($1, $2, $3, now()) RETURNING size, signed_at) "
            "INSERT INTO registry.publication (size, published_at) SELECT * FROM signed",
            size,
            signed.root_hash,
            signed.note,
        )
        self._signed = signed


def _records(prefix: bytes, first: int, most: int) -> Iterator[bytes]:
    for index in range(first, first + most):
        yield Record(prefix + secrets.token_bytes(31), 1, index).packed()


def run(sizes: Sequence[int] = SIZES) -> Result:
    """The map alone."""
    with own_database() as database:
        rows, claims = asyncio.run(measured(database, sizes))
    return Result(name="code_map", rows=rows, ratios={}, budget=claims)


if __name__ == "__main__":
    from benchmarks.result import as_answer

    _answer = as_answer(run([int(size) for size in sys.argv[1:]] or SIZES))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(_answer)).decode() + "\n")
