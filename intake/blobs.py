"""Encrypted files of dossiers, content-addressed, on a local directory.

A file is `nonce (12) ‖ AES-256-GCM(content)`, bound to its dossier and digest as associated data,
so that files cannot be swapped unnoticed. Its name is an HMAC of the digest under the dossier's
key: whoever sees the directory cannot tell whether a document they hold lies in it. Dropping a
dossier's key makes all of its files unreadable. All calls block: keep them off the event loop.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.errors import BlobDamaged, BlobMissing

NONCE_SIZE = 12


def new_key() -> bytes:
    """A dossier's own key: 32 random bytes."""
    return secrets.token_bytes(32)


class Blobs:
    """The blob store below one directory, which is made when the first file is put."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, dossier_id: UUID, key: bytes, content: bytes) -> bytes:
        """Store `content` durably and return its SHA-256; storing the same twice is one file.

        Raises OSError when the disk is full or gone; nothing half-written is left under the name.
        """
        digest = hashlib.sha256(content).digest()
        path = self._path(dossier_id, key, digest)
        if path.exists():
            return digest
        nonce = secrets.token_bytes(NONCE_SIZE)
        sealed = nonce + AESGCM(key).encrypt(nonce, content, dossier_id.bytes + digest)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_durably(path, sealed)
        return digest

    def get(self, dossier_id: UUID, key: bytes, digest: bytes) -> bytes:
        """The content with this digest; raises BlobMissing or BlobDamaged."""
        try:
            sealed = self._path(dossier_id, key, digest).read_bytes()
        except FileNotFoundError as missing:
            raise BlobMissing from missing
        try:
            content = AESGCM(key).decrypt(
                sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], dossier_id.bytes + digest
            )
        except (InvalidTag, ValueError) as damaged:
            raise BlobDamaged from damaged
        if not hmac.compare_digest(hashlib.sha256(content).digest(), digest):
            raise BlobDamaged
        return content

    def erase(self, dossier_id: UUID, key: bytes, digest: bytes) -> None:
        """Remove a file for good; one that is gone already is no error."""
        path = self._path(dossier_id, key, digest)
        if path.exists():
            path.unlink(missing_ok=True)
            _sync_directory(path.parent)

    def drop(self, dossier_id: UUID) -> None:
        """Remove everything of a dossier, half-written files too; nothing there is no error."""
        home = self._home(dossier_id)
        while home.exists():
            with contextlib.suppress(FileNotFoundError):  # another process removes it as well
                shutil.rmtree(home)
            _sync_directory(home.parent)

    def _path(self, dossier_id: UUID, key: bytes, digest: bytes) -> Path:
        return self._home(dossier_id) / hmac.new(key, digest, hashlib.sha256).hexdigest()

    def _home(self, dossier_id: UUID) -> Path:
        return self._directory / dossier_id.hex[-2:] / dossier_id.hex


def _write_durably(path: Path, content: bytes) -> None:
    # The name appears only when the bytes are on the disk, and is itself synced: a digest in the
    # database never points at a file that a power cut could still take away.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for directory in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync_directory(directory)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
