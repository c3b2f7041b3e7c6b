"""Files are encrypted, bound to their dossier, and never half-written."""

from pathlib import Path
from uuid import uuid4

import pytest

from intake.blobs import Blobs, new_key
from intake.errors import BlobDamaged, BlobMissing

CONTENT = "Giấy khai sinh".encode() * 100


def files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def test_what_is_put_comes_back_and_lies_encrypted(tmp_path: Path) -> None:
    blobs, dossier, key = Blobs(tmp_path), uuid4(), new_key()
    digest = blobs.put(dossier, key, CONTENT)
    assert blobs.get(dossier, key, digest) == CONTENT
    [file] = files(tmp_path)
    assert CONTENT[:20] not in file.read_bytes()
    assert digest.hex() not in file.name
    assert file.stat().st_mode & 0o077 == 0


def test_the_same_content_is_one_file(tmp_path: Path) -> None:
    blobs, dossier, key = Blobs(tmp_path), uuid4(), new_key()
    assert blobs.put(dossier, key, CONTENT) == blobs.put(dossier, key, CONTENT)
    assert len(files(tmp_path)) == 1


def test_another_key_or_dossier_opens_nothing(tmp_path: Path) -> None:
    blobs, dossier, key = Blobs(tmp_path), uuid4(), new_key()
    digest = blobs.put(dossier, key, CONTENT)
    with pytest.raises(BlobMissing):
        blobs.get(dossier, new_key(), digest)
    with pytest.raises(BlobMissing):
        blobs.get(uuid4(), key, digest)


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    blobs, dossier, key = Blobs(tmp_path), uuid4(), new_key()
    digest = blobs.put(dossier, key, CONTENT)
    [file] = files(tmp_path)
    damaged = bytearray(file.read_bytes())
    damaged[40] ^= 1
    file.write_bytes(damaged)
    with pytest.raises(BlobDamaged):
        blobs.get(dossier, key, digest)


def test_files_cannot_be_swapped(tmp_path: Path) -> None:
    blobs, dossier, key = Blobs(tmp_path), uuid4(), new_key()
    one, two = (blobs.put(dossier, key, content) for content in (b"one", b"two"))
    first, second = files(tmp_path)
    swapped = first.read_bytes(), second.read_bytes()
    first.write_bytes(swapped[1])
    second.write_bytes(swapped[0])
    for digest in (one, two):
        with pytest.raises(BlobDamaged):
            blobs.get(dossier, key, digest)


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("intake.blobs.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        Blobs(tmp_path).put(uuid4(), new_key(), CONTENT)
    assert files(tmp_path) == []


def test_erased_is_gone_and_may_be_erased_again(tmp_path: Path) -> None:
    blobs, dossier, key = Blobs(tmp_path), uuid4(), new_key()
    digest = blobs.put(dossier, key, CONTENT)
    blobs.erase(dossier, key, digest)
    blobs.erase(dossier, key, digest)
    with pytest.raises(BlobMissing):
        blobs.get(dossier, key, digest)
