"""Faults of a machine, made for real and without rights that a CI container lacks."""

from __future__ import annotations

import ctypes
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PR_CAPBSET_DROP = 24
CAPABILITIES_OVER_FILES = (0, 1, 2, 3)
"""CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER: what lets root write where nobody may (linux/capability.h)."""

_LIBC = ctypes.CDLL(None)


def up_to_its_end(data: Path, *options: str, **popen: Any) -> subprocess.CompletedProcess[str]:
    """Run `jianbao up` where it ends by itself; return what it said."""
    command = [sys.executable, "-m", "jianbao_standalone", "up", "--ingest-port", "0", "--search-port", "0"]
    return subprocess.run(
        [*command, "--data", str(data), *options], capture_output=True, text=True, timeout=60, check=False, **popen
    )


def as_nobody_special() -> None:
    """Before exec: lose what lets root write into folders that are read-only; others never had it."""
    for capability in CAPABILITIES_OVER_FILES:
        _LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take away the right to write a folder and all in it, for those who are nobody special."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in reversed(paths):
        path.chmod(modes[path] & ~0o222)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(modes[path])


@contextmanager
def full_disk(pids: list[int], largest: int) -> Iterator[None]:
    """Let no file of these processes grow beyond `largest` bytes: a write beyond fails, as on a full disk.

    A limit of the kernel (RLIMIT_FSIZE) that may be set from outside and taken back: no disk has to be mounted, and none
    has to be filled. Python ignores the signal that comes with it.
    """
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            if Path(f"/proc/{pid}").exists():
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def parents_and_children(pid: int) -> list[int]:
    """Return a process and the processes that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(int(child) for child in children)]
