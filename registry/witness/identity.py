"""A witness's key and the memory that belongs to it, in one directory.

The key alone is dangerous: a witness that forgot what it cosigned signs a fork in good faith. So
one without the other is refused, and never made anew beside it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from registry.errors import WitnessMemoryLost
from registry.log.cosignature import cosigner_line, parse_cosigner
from registry.witness.files import write_whole
from registry.witness.memory import Memory

KEY: Final = "witness_key.pem"
MEMORY: Final = "memory.sqlite"
VKEY: Final = "witness.vkey"
DEFAULT_NAME: Final = "bansao.localhost/witness"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the witness is (`vkey` is what others put into their policies) and what it remembers."""

    name: str
    key: Ed25519PrivateKey
    vkey: str
    memory: Memory


def open_identity(directory: Path, name: str | None = None) -> Identity:
    """The witness of this directory, made when the directory is new; writes `witness.vkey`.

    `name` is the key's name, by default that of the key which is there. Raises WitnessMemoryLost
    when key and memory do not belong together.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_path, memory_path = directory / KEY, directory / MEMORY
    if key_path.exists() and not memory_path.exists():
        raise WitnessMemoryLost(
            f"{key_path} is there, but not {memory_path}: what this key cosigned is forgotten, so "
            "it must not sign again. Restore the newest memory, or begin anew with another "
            "directory, and have the new key put into the policies"
        )
    memory = Memory(memory_path)
    try:
        identity = _known(key_path, memory) if key_path.exists() else _new(key_path, memory, name)
    except BaseException:
        memory.close()
        raise
    if name is not None and name != identity.name:
        memory.close()
        raise WitnessMemoryLost(
            f"{directory} belongs to the witness {identity.name}: another name needs a directory "
            "of its own"
        )
    write_whole(directory / VKEY, identity.vkey.encode() + b"\n")
    return identity


def _known(key_path: Path, memory: Memory) -> Identity:
    try:
        key = load_pem_private_key(key_path.read_bytes(), password=None)
    except ValueError:
        raise WitnessMemoryLost(f"{key_path} holds no key: restore it") from None
    vkey = memory.vkey()
    if vkey is None or not isinstance(key, Ed25519PrivateKey):
        raise WitnessMemoryLost(f"{key_path} and the memory beside it are not of one witness")
    name = parse_cosigner(vkey).name
    if cosigner_line(name, key.public_key()) != vkey:
        raise WitnessMemoryLost(f"the memory beside {key_path} is that of another key, {vkey}")
    return Identity(name, key, vkey, memory)


def _new(key_path: Path, memory: Memory, name: str | None) -> Identity:
    if not memory.is_empty():
        raise WitnessMemoryLost(
            f"{key_path} is missing, the key of {memory.vkey()}: restore it, or begin anew with "
            "another directory"
        )
    key, name = Ed25519PrivateKey.generate(), name or DEFAULT_NAME
    vkey = cosigner_line(name, key.public_key())
    # The memory first: ended between the two, it is still empty and simply begun again.
    memory.belong_to(vkey)
    write_whole(
        key_path,
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        mode=0o600,
    )
    return Identity(name, key, vkey, memory)
