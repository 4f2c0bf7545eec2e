"""How much memory a process holds, and whether the system killed one for lack of it (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

MIB = 1024 * 1024

DEFAULT_LIMIT_MIB = 2048
"""Of one process: a guess, not a measurement. What each holds stands in `jianbao_process_memory_bytes`."""


def held_bytes(pid: int) -> int | None:
    """Return the memory that only this process holds, or None where that cannot be told.

    Without pages of files (the index is read through the page cache): the system takes those back when it needs them.
    """
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1:3]
    except (OSError, ValueError):
        return None
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


def is_stopped(pid: int) -> bool:
    """Return whether a process was stopped by a signal (SIGSTOP, a debugger)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] in (["T"], ["t"])


def killed_by_system() -> int:
    """Return how many processes the system has killed for lack of memory since it started, as far as it tells."""
    try:
        counters = dict(line.split() for line in Path("/proc/vmstat").read_text("ascii").splitlines())
        return int(counters.get("oom_kill", 0))
    except (OSError, ValueError):
        return 0
