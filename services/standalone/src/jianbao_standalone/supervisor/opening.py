"""Opening a data folder: what is looked at, and set right, before any service may write to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from jianbao_standalone.backup import restoring, upgrading
from jianbao_standalone.layouts import older_tables
from jianbao_standalone.supervisor.clock_watch import tell_behind
from jianbao_standalone.supervisor.lives import LastEnd
from jianbao_standalone.supervisor.space import MIB
from jianbao_streaming.engine import newest_append, open_embedded
from jianbao_streaming.sqlite import DATABASE
from jianbao_streaming.sqlite.connection import damage_note
from jianbao_streaming.sqlite.soundness import look_over, read_through

SMALL_BYTES = 128 * MIB
"""A file up to this size is read through at every start: 70 MiB took 0.03 s from the page cache. A larger one is read through
before the start only where the machine itself went down, for then its disk may not have written what it said it had."""


def open_folder(data: Path, last_end: LastEnd, tell: Callable[[str], None]) -> bool:
    """Make a data folder ready for the services; return whether all of its file was read through.

    Raises FatalError, before anything is changed, where the folder is damaged or a newer program has written it.
    """
    if restoring.pending(data):
        tell("an earlier restore was interrupted and is finished first")
        tell(restoring.carry_out(data))
    database = data / DATABASE
    look_over(database, in_use=last_end is not LastEnd.NONE)
    read = _read_through(database, last_end, tell)
    if older := older_tables(data):
        upgrading.keep_copy(data, tell)
    for line in older:
        tell(line)
    new = not database.exists()
    open_embedded(data).close()  # makes the tables before several processes want to
    if new:
        tell(f"new, empty data folder made in {data}; if another one was meant, stop and give that one with --data")
    newest = newest_append(data)
    behind = tell_behind(newest, datetime.now(UTC)) if newest else None
    if behind is not None:
        tell(behind)
    return read


def _read_through(database: Path, last_end: LastEnd, tell: Callable[[str], None]) -> bool:
    size = database.stat().st_size if database.exists() else 0
    note = damage_note(database)
    if size > SMALL_BYTES and last_end is not LastEnd.CRASHED and not note.exists():
        return False
    if size > SMALL_BYTES:
        why = "damage was met while it ran last" if note.exists() else "the machine went down while services ran"
        tell(f"{why}: {database} ({size // MIB} MiB) is read through before the start")
    if size:
        read_through(database)
    note.unlink(missing_ok=True)
    return True
