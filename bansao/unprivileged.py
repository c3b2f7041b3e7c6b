"""Run a program that refuses to be root: PostgreSQL does, and containers run everything as root.

Three ways, tried in this order: as we are (not root); as the owner of its directory or `nobody`
(the child drops its rights); in a user namespace whose uid is not 0, where `nobody` cannot reach
the files because a parent directory such as /root is closed. No user is added, no parent's mode
is changed.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from bansao.errors import CannotDropRoot

_NOBODY = 65534  # the kernel's overflow uid, also where the account has another name or none


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose rights a child process gets: `uid`/`gid` to drop to, or a namespace of its own."""

    uid: int | None = None
    gid: int | None = None
    namespace: bool = False

    def run(self, args: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
        """`subprocess.run` under this identity, working directory /, text, stdin closed."""
        prefix = ["unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"]
        command = [*(prefix if self.namespace else []), *map(str, args)]
        if self.uid is not None:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(  # noqa: S603 - a program of ours, no shell
            command, check=False, text=True, cwd="/", stdin=subprocess.DEVNULL, **options
        )

    def give(self, path: Path) -> None:
        """Make `path` belong to this identity."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, program: Path, directory: Path) -> bool:
        """Whether it can run `program` and enter `directory`."""
        try:
            entered = self.run(["/bin/sh", "-c", 'cd "$1"', "sh", directory], capture_output=True)
            started = self.run([program, "--version"], capture_output=True)
        except OSError:  # the kernel's EACCES or EPERM when the child cannot be made
            return False
        return entered.returncode == 0 and started.returncode == 0


def identity_for(program: Path, directory: Path, existing: Path) -> Identity:
    """The identity under which `program` can work in `directory`.

    `existing`: what an earlier run left there; its owner decides, so that files stay readable.
    Raises CannotDropRoot when there is none.
    """
    if os.geteuid() != 0:
        return Identity()
    owner = existing.stat() if existing.exists() else None
    candidates = []
    if owner is None or owner.st_uid != 0:
        candidates.append(_dropped(owner))
    if (owner is None or owner.st_uid == 0) and shutil.which("unshare"):
        candidates.append(Identity(namespace=True))
    for candidate in candidates:
        if candidate.reaches(program, directory):
            return candidate
    raise CannotDropRoot(
        f"PostgreSQL does not run as root and no other user can reach {directory} and {program}: "
        "run bansao as an ordinary user, or put both below a directory open to others (chmod o+x)"
    )


def _dropped(owner: os.stat_result | None) -> Identity:
    if owner is not None:
        return Identity(uid=owner.st_uid, gid=owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Identity(uid=_NOBODY, gid=_NOBODY)
    return Identity(uid=nobody.pw_uid, gid=nobody.pw_gid)
