"""The scanning page's files: ours, and those of two npm packages, under one version.

The version is a digest of all that an installed page keeps, so that a browser which holds it whole
never mixes two releases, and may keep each file for ever.
"""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from registry.settings import SettingsIncomplete

#: Below the address of a release: what our scripts import.
_VENDOR: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "vendor/zxing-wasm/": (
        "zxing-wasm/dist/",
        ("es/reader/index.js", "es/share.js", "reader/zxing_reader.wasm"),
    ),
    "vendor/cborg/": (
        "cborg/",
        (
            "cborg.js",
            *(
                f"lib/{name}.js"
                for name in (
                    *("0uint", "1negint", "2bytes", "3string", "4array", "5map", "6tag"),
                    *("7float", "bl", "byte-utils", "common", "decode", "encode", "is", "jump"),
                    *("tagged", "token"),
                )
            ),
        ),
    ),
}
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".png": "image/png",
    ".wasm": "application/wasm",
}
_SERVICE_WORKER: Final = "service_worker.js"


class File(Struct, frozen=True, kw_only=True):
    """`compressed` is None where gzip would not make it smaller."""

    content: bytes
    media_type: str
    compressed: bytes | None


class Release(Struct, frozen=True, kw_only=True):
    """`files` by their path below the release's address; `shared` are other addresses of this
    portal that its page needs. `service_worker` is that script's text, without its release.
    """

    version: str
    files: Mapping[str, File]
    shared: tuple[str, ...]
    service_worker: str

    @property
    def stem(self) -> str:
        """The address that `files` are below."""
        return f"/scan/{self.version}/"

    @property
    def addresses(self) -> tuple[str, ...]:
        """All that an installed page keeps, but for the page itself."""
        return (*(self.stem + name for name in self.files), *self.shared)


def read_release(
    own: Path, assets: Path, shared: Mapping[str, Path], pages: Iterable[str]
) -> Release:
    """From the directory of our files and a node_modules. `shared` are files that are served by
    others, by address; `pages` the page's text in each language. Raises SettingsIncomplete.
    """
    contents = {path.name: path.read_bytes() for path in sorted(own.iterdir()) if path.is_file()}
    for stem, (package, names) in _VENDOR.items():
        contents |= {stem + name: _asset(assets / package / name) for name in names}
    digest = hashlib.sha256()
    others = {address: _asset(path) for address, path in shared.items()}
    texts = {f"page {number}": page.encode() for number, page in enumerate(pages)}
    for name, content in (contents | others | texts).items():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    service_worker = contents.pop(_SERVICE_WORKER).decode()
    return Release(
        version=digest.hexdigest()[:16],
        files={name: _file(name, content) for name, content in contents.items()},
        shared=tuple(shared),
        service_worker=service_worker,
    )


def _asset(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SettingsIncomplete(f"{path} is missing: make setup installs it") from None


def _file(name: str, content: bytes) -> File:
    compressed = gzip.compress(content, 6, mtime=0)
    return File(
        content=content,
        media_type=_TYPES[Path(name).suffix],
        compressed=compressed if len(compressed) < len(content) else None,
    )
