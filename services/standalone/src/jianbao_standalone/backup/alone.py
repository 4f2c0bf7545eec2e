"""Whether a data folder is served now: who holds the lock of `jianbao up` has the folder for itself."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jianbao_streaming.process import RUN_FOLDER

LOCK = "up.lock"
"""File in DATA/run that a supervisor locks while it serves, with its process id inside."""


@contextmanager
def folder_for_itself(data: Path) -> Iterator[int | None]:
    """Keep `jianbao up` out of a data folder meanwhile; yield None, or the id of the process that serves it already.

    Raises OSError where the folder cannot be written.
    """
    (data / RUN_FOLDER).mkdir(parents=True, exist_ok=True)
    lock = os.open(data / RUN_FOLDER / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield int(os.pread(lock, 20, 0) or b"0")
        else:
            os.ftruncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode(), 0)
            yield None
    finally:
        os.close(lock)
