"""What a backup needs of the one SQLite file: reading it without changing anything, copying it as it was at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw

from jianbao_standalone.backup.errors import BackupError, DamagedDataError
from jianbao_streaming import FatalError, StoredRecord, TransientError
from jianbao_streaming.outcomes import DamagedError
from jianbao_streaming.sqlite import layout
from jianbao_streaming.sqlite.connection import BUSY_TIMEOUT_MS
from jianbao_streaming.sqlite.reader import SqliteReader

PAGES_A_STEP = 2048
"""Pages copied between two looks at whether the operator wants to stop: 8 MiB."""

READ_ERRORS = (apsw.Error, FatalError, TransientError)
"""What reading a file can raise, directly or through the engine's own modules."""

DAMAGE = (apsw.NotADBError, apsw.CorruptError, DamagedError)

URI = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic in a file: records now, first kept offset, next offset."""

    records: int
    first: int
    end: int


def open_to_read(path: Path, *, still: bool = False) -> apsw.Connection:
    """Open a database file for reading only.

    `still`: nobody writes it, so it is read without any lock and nothing is made beside it; also on a read-only disk.
    Raises apsw.Error where it is missing or no database.
    """
    found = apsw.Connection(f"{path.absolute().as_uri()}?{'immutable=1' if still else 'mode=ro'}", flags=URI)
    found.set_busy_timeout(BUSY_TIMEOUT_MS)
    return found


def open_without_trace(path: Path) -> apsw.Connection:
    """Open a database file for looking, so that nothing is made or changed beside it, whoever else has it open.

    Raises apsw.Error.
    """
    if path.with_name(f"{path.name}-wal").exists():
        return _opened(path, pinned=False)
    return open_to_read(path, still=True)  # without a -wal file nobody is writing


@contextmanager
def reading(path: Path) -> Iterator[apsw.Connection]:
    """Yield a read-only connection to a file that others may be writing; its snapshot is that of this moment.

    Raises BackupError where the file cannot be read.
    """
    try:
        connection = _opened(path)
        try:
            yield connection
        finally:
            connection.close()
    except READ_ERRORS as error:
        kind = DamagedDataError if isinstance(error, DAMAGE) else BackupError
        raise kind(unreadable(path, error)) from error


def unreadable(path: Path, error: Exception) -> str:
    """Return what a database error means to an operator."""
    if not isinstance(error, apsw.Error):
        return str(error)
    if isinstance(error, DAMAGE):
        return f"{path} is damaged ({error}); restore the data folder from a backup: jianbao restore BACKUP"
    if isinstance(error, apsw.FullError):
        return f"the disk is full ({error}); free some room or choose another disk"
    if isinstance(error, apsw.IOError):
        return f"the disk reports an error at {path} ({error}); check it (dmesg), then try again"
    if isinstance(error, apsw.SQLError):
        return f"{path} holds no log of Jianbao ({error}); give another folder with --data, or start this one once"
    return f"{path} cannot be read: {error}; check that it exists and that this user may read it"


def _opened(path: Path, *, pinned: bool = True) -> apsw.Connection:
    wal = path.with_name(f"{path.name}-wal")
    connection = open_to_read(path)
    try:
        _pin(connection)
    except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.IOError):
        connection.close()
        if wal.exists() and wal.stat().st_size:
            raise  # commits stand in the -wal file, which SQLite cannot read without writing beside it
        connection = open_to_read(path, still=True)
        _pin(connection)
    if not pinned:
        connection.execute("COMMIT")
    return connection


def _pin(connection: apsw.Connection) -> None:
    """Begin reading: from here on the connection sees this moment, whatever is written meanwhile."""
    connection.execute("BEGIN")
    _rows(connection, "SELECT count(*) FROM sqlite_schema")


def copy_database(source: apsw.Connection, target: Path) -> None:
    """Copy the pinned snapshot of `source` into a new file, which is whole in itself: no -wal file belongs to it.

    Writers are never held up: in WAL mode they append beside the snapshot, and the pinned read keeps SQLite from
    starting the copy afresh at each of their commits. Raises apsw.Error.
    """
    copied = apsw.Connection(str(target))
    try:
        copied.execute("PRAGMA synchronous = OFF")  # the caller syncs the finished file once
        with copied.backup("main", source, "main") as copying:
            while not copying.done:
                copying.step(PAGES_A_STEP)
        copied.execute("PRAGMA journal_mode = DELETE")
    finally:
        copied.close()


def payloads_referred_to(connection: apsw.Connection) -> list[str]:
    """Return the names of all payloads that the log needs, sorted."""
    query = "SELECT DISTINCT dataref FROM log_record WHERE dataref IS NOT NULL ORDER BY dataref"
    return [name for (name,) in _rows(connection, query)]


def refers_to(connection: apsw.Connection, payload: str) -> bool:
    """Return whether a record needs a payload."""
    return bool(_rows(connection, "SELECT 1 FROM log_record WHERE dataref = ? LIMIT 1", (payload,)))


def has_records(connection: apsw.Connection) -> bool:
    """Return whether there is a log in the file, and anything in it."""
    return bool(
        _rows(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'log_record'")
        and _rows(connection, "SELECT 1 FROM log_record LIMIT 1")
    )


def topic_counts(connection: apsw.Connection) -> dict[str, TopicCount]:
    """Return what stands in every topic. Reads an index once."""
    query = (
        "SELECT name, count(r.offset), coalesce(min(r.offset), t.end), t.end"
        " FROM log_topic t LEFT JOIN log_record r ON r.topic = t.id GROUP BY t.id ORDER BY name"
    )
    return {name: TopicCount(records, first, end) for name, records, first, end in _rows(connection, query)}


def stored_layouts(connection: apsw.Connection) -> dict[str, int]:
    """Return the version of each component's tables; of a file from before they were recorded, the log's alone."""
    found = layout.versions(connection)
    if not found:
        ((version,),) = _rows(connection, "PRAGMA user_version")
        return {"log": version} if version else {}
    return found


def damage(connection: apsw.Connection, *, thorough: bool = True) -> str | None:
    """Return the first thing wrong with the file's structure, or None. Thorough: indexes are compared with their tables."""
    check = "integrity_check" if thorough else "quick_check"
    try:
        ((found,), *_) = _rows(connection, f"PRAGMA {check}(1)")
    except (apsw.CorruptError, apsw.NotADBError) as error:
        return str(error)
    return None if found == "ok" else str(found)


def topic_ends(connection: apsw.Connection) -> dict[str, int]:
    """Return every topic's next offset."""
    return dict(_rows(connection, "SELECT name, end FROM log_topic"))


def place(connection: apsw.Connection, topic: str, offset: int) -> tuple[int, bytes] | None:
    """Return append time and key of the record at an offset, or None where it is no longer, or not yet, there."""
    query = (
        "SELECT timestamp, key FROM log_record WHERE topic = (SELECT id FROM log_topic WHERE name = ?) AND offset = ?"
    )
    return next(((timestamp, key) for timestamp, key in _rows(connection, query, (topic, offset))), None)


def records_from(connection: apsw.Connection, topic: str, offset: int) -> Iterator[StoredRecord]:
    """Yield a topic's records from an offset on."""
    reader = SqliteReader(connection, [topic], {topic: offset})
    while batch := reader.poll(500, 0.0):
        yield from batch


def use_alone(path: Path) -> bool:
    """Fold a file's -wal into it, so that it is whole in itself; False where another process still has it open.

    Raises apsw.Error where it is damaged.
    """
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        _rows(connection, "PRAGMA journal_mode = DELETE")  # needs the file for itself, in WAL mode too
    except (apsw.BusyError, apsw.LockedError):
        return False
    finally:
        connection.close()
    return True


def _rows(connection: apsw.Connection, query: str, values: Sequence[str | int] = ()) -> list[tuple[Any, ...]]:
    return list(connection.execute(query, values))


def moment() -> datetime:
    """Return the time now, UTC."""
    return datetime.now(UTC)
