"""How a dossier's file lies encrypted: its name, and its bytes. Pure.

A file is `nonce (12) ‖ AES-256-GCM(content)`, bound to its dossier and digest as associated data,
so that files cannot be swapped unnoticed. Its name is an HMAC of the digest under the dossier's
key: whoever sees the directory cannot tell whether a document they hold lies in it. Dropping a
dossier's key makes all of its files unreadable. Intake writes them; the portal reads signed PDFs.
"""

import hashlib
import hmac
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import BlobUnreadable

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


def blob_home(dossier_id: UUID) -> PurePosixPath:
    """Where all files of a dossier lie, below the blob directory."""
    return PurePosixPath(dossier_id.hex[-2:]) / dossier_id.hex


def blob_path(dossier_id: UUID, key: bytes, digest: bytes) -> PurePosixPath:
    """Where the file with this SHA-256 lies, below the blob directory."""
    return blob_home(dossier_id) / hmac.new(key, digest, hashlib.sha256).hexdigest()


def sealed(dossier_id: UUID, key: bytes, content: bytes, nonce: bytes) -> bytes:
    """The file's bytes; a nonce of 12 random bytes serves one content only."""
    digest = hashlib.sha256(content).digest()
    return nonce + AESGCM(key).encrypt(nonce, content, dossier_id.bytes + digest)


def unsealed(dossier_id: UUID, key: bytes, digest: bytes, stored: bytes) -> bytes:
    """The content, whose SHA-256 is `digest`; raises BlobUnreadable."""
    nonce, ciphertext = stored[:NONCE_BYTES], stored[NONCE_BYTES:]
    try:
        content = AESGCM(key).decrypt(nonce, ciphertext, dossier_id.bytes + digest)
    except (InvalidTag, ValueError):
        raise BlobUnreadable("a stored file does not open under its key") from None
    if not hmac.compare_digest(hashlib.sha256(content).digest(), digest):
        raise BlobUnreadable("a stored file is not what its digest says")
    return content
