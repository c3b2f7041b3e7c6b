"""How far an interrupted audit had come, kept in a file."""

import contextlib
import os
from pathlib import Path

import msgspec

from registry.audit.report import Finding
from registry.audit.subtree import STRETCH
from registry.audit.whole import Standing
from registry.errors import RegistryError


class BookmarkUnreadable(RegistryError):
    """The file that says how far an audit had come is of something else: remove it."""

    code = "bookmark-unreadable"


class _Kept(msgspec.Struct, frozen=True):
    standing: Standing
    findings: list[Finding]


class Bookmark:
    """At `path`, made when first moved."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Standing, list[Finding]] | None:
        """Where to go on and what was found before it; raises BookmarkUnreadable."""
        try:
            kept: _Kept | None = msgspec.json.decode(self.path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            kept = None
        if kept is None or len(kept.standing.stretch_roots) * STRETCH != kept.standing.size:
            raise BookmarkUnreadable(f"{self.path} is no bookmark of an audit: remove it")
        return kept.standing, kept.findings

    def move(self, standing: Standing | None, findings: list[Finding]) -> None:
        """Keep it, whole or not at all; the ragged end of a walk is no place to go on from."""
        if standing is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        written = self.path.with_suffix(".new")
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(_Kept(standing, findings)))
            file.flush()
            os.fsync(file.fileno())
        written.replace(self.path)

    def remove(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
