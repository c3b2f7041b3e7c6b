"""A map of codes held in a dictionary instead of a database."""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.log.checkpoint import Checkpoint, sign_checkpoint
from registry.log.code_map import extension_line, record_of
from registry.log.map_growth import Change, Growth
from registry.log.map_pages import way_of
from registry.log.map_proof import MapProof
from registry.log.note import verifier_line
from registry.log.policy import policy_of_log

ORIGIN = "log.example/map"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
POLICY = policy_of_log(verifier_line(ORIGIN, KEY.public_key()))


class MapInMemory:
    """Grows batch by batch as the publisher has it grow; `root` is the present one."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.root = bytes(32)
        self.size = 0

    def grow(self, changes: Mapping[bytes, Change]) -> None:
        growth = Growth(changes)
        while growth.wanted:
            held = {name: self.contents[name] for name in growth.wanted if name in self.contents}
            growth.take(held)
        grown = growth.grown()
        assert grown.before == self.root
        self.contents |= grown.contents
        self.root = grown.root
        self.size = max([self.size, *(change.latest + 1 for change in changes.values())])

    def checkpoint(self) -> Checkpoint:
        """As the log signs it; the tree of entries plays no part in the map's proofs."""
        line = extension_line(self.root)
        return sign_checkpoint(ORIGIN, max(self.size, 1), b"\x01" * 32, KEY, [line])

    def proof(self, code_hash: bytes, checkpoint: Checkpoint) -> MapProof:
        way = way_of(code_hash, self.contents)
        return MapProof(code_hash, record_of(way.end), way.siblings[::-1], checkpoint)
