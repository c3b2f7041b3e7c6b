"""Proofs at size: what one costs the server, beside a bare read of a row and pymerkle's trees.

Proofs from the map of codes too (benchmarks/code_map.py), up to a million codes: ten would not fit
beside the book of ten, and are measured by `python -m benchmarks.code_map 10000000`.

`python -m benchmarks.proof 10000 10000000` measures other sizes, for as long as that takes.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Final

import msgspec
from pymerkle import BaseMerkleTree, InmemoryTree, SqliteTree
from tqdm import tqdm

from benchmarks import append_beside, code_map, cost
from benchmarks.bulk import VKEY, Bulk
from benchmarks.cost import Cost, backend_of, cost_of, in_ms
from benchmarks.own_database import OwnDatabase, own_database
from benchmarks.result import Cell, Claim, Result
from registry.log.checkpoint import Checkpoint
from registry.log.policy import policy_of_log
from registry.log.proof import verify_consistency
from registry.log.proof_file import check_proof
from registry.proving import consistency_proof, inclusion_proof
from registry.store import Store

SIZES: Final = (10_000, 1_000_000, 10_000_000)
PEER_SIZES: Final = (10_000, 100_000)
_BUDGET_MS: Final = 2.0
#: Neighbours on a core share its caches: so much is not the publisher's doing.
_BESIDE: Final = 1.25
#: Filling for longer than this would not leave the time to measure (a benchmark has 15 minutes).
_FILLING_SECONDS: Final = 690.0
_ENTRY_BYTES: Final = 590


def run(sizes: Sequence[int] = SIZES, filling_seconds: float = _FILLING_SECONDS) -> Result:
    """Fill one book to each size in turn and measure there.

    A size that this machine cannot fill in `filling_seconds` is left out, and so is its claim.
    """
    with own_database() as database:
        rows, ratios, costs = asyncio.run(_measure(database, sizes, filling_seconds))
        rows += _peers(database.directory)
        map_sizes = [size for size in sizes if size <= max(code_map.SIZES)]
        map_rows, map_claims = asyncio.run(code_map.measured(database, map_sizes))
    beside = append_beside.ratio()
    ratios["an append's processor time with a publisher taking up entries to without"] = beside
    map_claims.append(
        Claim(
            what="an append's processor time with a publisher taking up entries, to without",
            relation="<=",
            limit=_BESIDE,
            measured=beside,
        )
    )
    largest = max(costs)
    for row in rows:
        if row["entries"] == max(PEER_SIZES) and str(row["who"]).startswith("pymerkle"):
            ratios[f"{row['who']} at {row['entries']:,} to ours at {largest:,}"] = (
                float(row["cpu_p50_ms"]) / costs[largest]
            )
    claims = [
        Claim(
            what=f"ms of processor time in the server, inclusion proof at {size:,} entries",
            relation="<=",
            limit=_BUDGET_MS,
            measured=ms,
        )
        for size, ms in costs.items()
    ]
    return Result(name="proof", rows=rows + map_rows, ratios=ratios, budget=claims + map_claims)


async def _measure(
    database: OwnDatabase, sizes: Sequence[int], filling_seconds: float
) -> tuple[list[dict[str, Cell]], dict[str, float], dict[int, float]]:
    rows: list[dict[str, Cell]] = []
    ratios: dict[str, float] = {}
    costs: dict[int, float] = {}
    spent, filled = 0.0, 0
    async with await Bulk.connect(database.admin_url) as bulk:
        for size in sorted(sizes):
            rate = spent / filled if filled else 0.0
            if rate * size > filling_seconds:
                told = f"{size:,} entries would take {rate * size:,.0f} s to fill: left out"
                tqdm.write(told, file=sys.stderr)
                break
            started = time.monotonic()
            with tqdm(total=size, initial=filled, unit=" entries", disable=None) as bar:
                checkpoint = await bulk.grow(size, bar.update)
            spent, filled = spent + time.monotonic() - started, size
            url = database.role_url("registry_reader")
            async with await Store.connect(url, connections=1) as store:
                measuring = _Measuring(
                    store,
                    checkpoint,
                    bulk.signed[:-1],
                    await backend_of(database, "registry_reader"),
                )
                rows += await measuring.rows()
            costs[size] = measuring.inclusion.server
            ratios[f"inclusion proof to a bare SELECT of one row at {size:,}"] = (
                measuring.inclusion.server / measuring.select.server
            )
    return rows, ratios, costs


class _Measuring:
    """The proofs of one size, each of another entry or from another of the `earlier` sizes."""

    def __init__(
        self, store: Store, checkpoint: Checkpoint, earlier: Sequence[int], backend: int
    ) -> None:
        self._store = store
        self._checkpoint = checkpoint
        self._earlier = earlier
        self._backend = backend
        self._random = random.Random(checkpoint.size)  # noqa: S311 - the same entries every time

    async def rows(self) -> list[dict[str, Cell]]:
        size = self._checkpoint.size
        self.select = await cost_of(self._select_one, self._backend)
        self.inclusion = await cost_of(self._prove_entry, self._backend)
        rows: list[dict[str, Cell]] = [
            {"who": "bare SELECT of the row", "entries": size, **self.select.cells()},
            {
                "who": "bansao",
                "proof": "inclusion",
                "entries": size,
                **self.inclusion.cells(),
                **await self._checked_inclusion(),
            },
        ]
        if self._earlier:
            consistency = await cost_of(self._prove_checkpoint, self._backend)
            rows.append(
                {
                    "who": "bansao",
                    "proof": "consistency",
                    "entries": size,
                    **consistency.cells(),
                    **await self._checked_consistency(),
                }
            )
        return rows

    def _any_index(self) -> int:
        return self._random.randrange(self._checkpoint.size)

    def _earlier_size(self) -> int:
        return self._random.choice(self._earlier)

    async def _select_one(self) -> object:
        async with self._store.reading() as reading:
            return await reading.body(self._any_index())

    async def _prove_entry(self) -> object:
        return await inclusion_proof(self._store, self._any_index())

    async def _prove_checkpoint(self) -> object:
        return await consistency_proof(self._store, self._earlier_size(), self._checkpoint.size)

    async def _checked_inclusion(self) -> dict[str, Cell]:
        policy = policy_of_log(VKEY)
        proofs = [await inclusion_proof(self._store, self._any_index()) for _ in range(100)]
        started = time.process_time()
        for proof in proofs:
            check_proof(proof, policy)
        return {
            "bytes": round(fmean(len(proof) for proof in proofs)),
            "verify_ms": (time.process_time() - started) / len(proofs) * 1e3,
        }

    async def _checked_consistency(self) -> dict[str, Cell]:
        old, new = self._earlier_size(), self._checkpoint.size
        async with self._store.reading() as reading:
            stored = await reading.around_size(old, new)
        assert stored is not None  # noqa: S101 - the loader signed it
        proof = await consistency_proof(self._store, old, new)
        started = time.process_time()
        for _ in range(100):
            verify_consistency(old, new, proof, stored.old_root, stored.new_root)
        return {
            "bytes": sum(map(len, proof)),
            "verify_ms": (time.process_time() - started) / 100 * 1e3,
        }


def _peers(directory: Path) -> list[dict[str, Cell]]:
    """The Merkle log package of PyPI, with trees of the sizes that it can hold in this time.

    Its proofs are neither checked nor signed before they are given, and its first tree is lost when
    the process ends.
    """
    rows: list[dict[str, Cell]] = []
    for size in PEER_SIZES:
        trees: dict[str, BaseMerkleTree] = {
            "pymerkle in memory": InmemoryTree(algorithm="sha256"),
            "pymerkle on SQLite": SqliteTree(str(directory / f"pymerkle-{size}.db")),
        }
        for who, tree in trees.items():
            tree.append_entries([os.urandom(_ENTRY_BYTES) for _ in range(size)])
            wall, cpu = [], []
            for _ in range(2 * cost.CALLS):
                clock, own = time.perf_counter(), time.process_time()
                tree.prove_inclusion(random.randrange(1, size + 1), size)  # noqa: S311 - any will do
                wall.append(time.perf_counter() - clock)
                cpu.append(time.process_time() - own)
            told = Cost(*in_ms(wall), *in_ms(cpu), 0.0)
            rows.append({"who": who, "proof": "inclusion", "entries": size, **told.cells()})
    return rows


if __name__ == "__main__":
    from benchmarks.result import as_answer

    _answer = as_answer(run([int(size) for size in sys.argv[1:]] or SIZES, float("inf")))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(_answer)).decode() + "\n")
