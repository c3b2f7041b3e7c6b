"""Publishing: the next signed checkpoint, after re-hashing what it covers."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.clock import Clock
from registry.log.checkpoint import Checkpoint
from registry.store import Store


async def publish(
    store: Store, log_key: Ed25519PrivateKey, origin: str, clock: Clock
) -> Checkpoint:
    raise NotImplementedError


async def keep_publishing(
    store: Store, log_key: Ed25519PrivateKey, origin: str, clock: Clock, every: float = 0.5
) -> None:
    raise NotImplementedError
