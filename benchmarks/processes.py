"""What processes cost."""

import contextlib
import os
from pathlib import Path
from typing import NamedTuple


def processor_seconds(pid: int) -> float:
    """Of a process and its children so far, those that have ended included."""
    own = _stat(pid)
    ticks = own.user + own.system + own.of_children
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            stat = _stat(int(process.name))
            if stat.parent == pid:
                ticks += stat.user + stat.system
    return ticks / os.sysconf("SC_CLK_TCK")


class _Stat(NamedTuple):
    """Of /proc/PID/stat; times in clock ticks."""

    parent: int
    user: int
    system: int
    of_children: int


def _stat(pid: int) -> _Stat:
    # Behind the program's name, which may hold spaces; see proc_pid_stat(5).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return _Stat(
        int(fields[1]), int(fields[11]), int(fields[12]), int(fields[13]) + int(fields[14])
    )
