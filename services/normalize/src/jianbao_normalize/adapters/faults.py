"""Faults of the disk while a store is read: they may heal, so they must never make a dead letter of a good record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from jianbao_streaming import LogUnavailableError


@contextmanager
def faults_may_heal() -> Iterator[None]:
    """Raise LogUnavailableError in place of what SQLite raises where the file cannot be read now.

    Writes need it not: `jianbao_streaming.sqlite.transaction` does the same for them.
    """
    try:
        yield
    except (apsw.IOError, apsw.BusyError, apsw.FullError, apsw.CantOpenError) as error:
        raise LogUnavailableError(f"cannot read the database: {error}") from error
