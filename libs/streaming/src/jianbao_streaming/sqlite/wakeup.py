"""Waiting for an append of another process, without asking the tables."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import apsw

from jianbao_streaming.sqlite.connection import select

PERIOD_S = 0.005
"""How often SQLite's change counter is looked at: a read of shared memory, some microseconds. Well below 20 ms."""

T = TypeVar("T")


def wait_for(connection: apsw.Connection, look: Callable[[], T | None], timeout: float) -> T | None:
    """Call `look` now and after every change of the file by another connection, until it finds something.

    Returns what it found, or None after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while True:
        seen = _version(connection)  # before looking: a change while we look is not missed
        found = look()
        if found is not None:
            return found
        while _version(connection) == seen:
            if time.monotonic() >= deadline:
                return None
            time.sleep(PERIOD_S)


def _version(connection: apsw.Connection) -> int:
    """Return SQLite's change counter. The pragma looks at the file; the file control of the same name does not."""
    version: int
    ((version,),) = select(connection, "PRAGMA data_version")
    return version
