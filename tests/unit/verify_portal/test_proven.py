"""Copies are proven in a mirror that is too small for the log."""

import hashlib
from collections.abc import Iterable

from msgspec.structs import replace

from registry.log.checkpoint import sign_checkpoint
from registry.log.mirror import TreeMirror
from registry.log.tiles import WIDTH
from registry.log.tree import root_of
from registry.lookup import Found
from tests.testkit.mirrored import LeavesOnly
from tests.unit.verify_portal.evidence import LOG_KEY, ORIGIN, POLICY, found
from verify_portal.proven import Proofs

LEAVES = [hashlib.sha256(str(at).encode()).digest() for at in range(4 * WIDTH + 9)]
NEWEST = sign_checkpoint(ORIGIN, len(LEAVES), root_of(LEAVES), LOG_KEY)


def copy(*indexes: int) -> Found:
    """One whose entries stand there in the log."""
    leaves = tuple((at, LEAVES[at]) for at in indexes)
    return replace(found(), index=indexes[0], leaves=leaves, checkpoint=NEWEST)


def forged(index: int) -> Found:
    return replace(copy(index), leaves=((index, bytes(32)),))


async def refuted(proofs: Proofs, *copies: Found) -> list[int]:
    told = await proofs.refuted(LeavesOnly(LEAVES), copies)  # type: ignore[arg-type]  # a fake
    return [one.index for one in told]


def known(proofs: Proofs, copies: Iterable[Found]) -> list[int]:
    return [one.index for one in copies if proofs.newest_with(one) == NEWEST]


async def test_a_round_may_want_what_it_pushes_out() -> None:
    proofs = Proofs(POLICY, TreeMirror(2))
    for one in (copy(0), copy(256)):
        assert await refuted(proofs, one) == []
    assert await refuted(proofs, copy(1), copy(513)) == []
    assert await refuted(proofs, *(copy(at) for at in range(0, len(LEAVES), 100))) == []
    assert await refuted(proofs, copy(2, 257, 514, 770, 4 * WIDTH)) == []


async def test_a_forged_copy_is_refuted_whether_its_tile_is_held_or_not() -> None:
    proofs = Proofs(POLICY, TreeMirror(2))
    every_tile = range(0, len(LEAVES), WIDTH)
    for _ in range(2):
        for at in every_tile:
            others = [copy(other) for other in every_tile if other != at]
            assert await refuted(proofs, *others, forged(at)) == [at]


async def test_of_a_copy_whose_tile_is_gone_nothing_is_known_at_once() -> None:
    proofs, copies = Proofs(POLICY, TreeMirror(2)), [copy(0), copy(256), copy(512), copy(1024)]
    for one in copies:
        assert await refuted(proofs, one) == []
    assert known(proofs, copies) == [256, 512, 1024]
    assert known(proofs, [forged(512), copy(257, 0)]) == []
