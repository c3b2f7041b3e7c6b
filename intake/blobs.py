"""Encrypted files of dossiers, content-addressed, on a local directory; their form: registry/blob.

All calls block: keep them off the event loop.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from uuid import UUID

from intake.errors import BlobDamaged, BlobMissing
from registry.blob import KEY_BYTES, NONCE_BYTES, blob_home, blob_path, sealed, unsealed
from registry.errors import BlobUnreadable


def new_key() -> bytes:
    """A dossier's own key: 32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


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
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        nonce = secrets.token_bytes(NONCE_BYTES)
        _write_durably(path, sealed(dossier_id, key, content, nonce))
        return digest

    def get(self, dossier_id: UUID, key: bytes, digest: bytes) -> bytes:
        """The content with this digest; raises BlobMissing or BlobDamaged."""
        try:
            stored = self._path(dossier_id, key, digest).read_bytes()
        except FileNotFoundError as missing:
            raise BlobMissing from missing
        try:
            return unsealed(dossier_id, key, digest, stored)
        except BlobUnreadable as damaged:
            raise BlobDamaged from damaged

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
        return self._directory / blob_path(dossier_id, key, digest)

    def _home(self, dossier_id: UUID) -> Path:
        return self._directory / blob_home(dossier_id)


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
