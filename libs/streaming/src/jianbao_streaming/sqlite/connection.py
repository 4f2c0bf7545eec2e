"""Connections to the one file: WAL, with the pragmas that its promises rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import apsw

from jianbao_streaming.outcomes import DamagedError, FatalError
from jianbao_streaming.ports import LogUnavailableError

DATABASE = "jianbao.sqlite"
"""Name of the file in the data folder."""

OLDEST_SAFE_VERSION = (3, 51, 3)
"""Before it, a WAL file can be corrupted when several connections write and checkpoint (the WAL-reset bug)."""

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one; a transaction here lasts milliseconds."""

DAMAGE = (apsw.CorruptError, apsw.NotADBError)
FAULTS = (*DAMAGE, apsw.FullError, apsw.IOError, apsw.BusyError, apsw.ReadOnlyError, apsw.CantOpenError)
"""What SQLite raises where the file, the disk or another process is the reason, and not the statement."""

NO_NETWORK_DRIVE = (
    "it needs locks and shared memory that this file system does not offer, as network drives do not; "
    "give a folder on a disk of this machine with --data"
)


def connect(path: Path, *, synchronous: Literal["FULL", "NORMAL"] = "NORMAL") -> apsw.Connection:
    """Open the database file at `path`, making it if it is missing.

    FULL: a commit returns once it survives a power cut. NORMAL: it survives a killed process, and after a power cut
    the file is consistent but may lack the last commits. Raises FatalError if SQLite is too old to be trusted.
    """
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < OLDEST_SAFE_VERSION:
        raise FatalError(f"SQLite {apsw.sqlite_lib_version()} can corrupt WAL files; apsw>=3.53 brings a safe one")
    try:
        connection = apsw.Connection(str(path))
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        if connection.pragma("page_count") == 0:  # later it could not be chosen any more, and would wait for writers
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # so that retention gives pages back
        ((mode,),) = connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
    except DAMAGE as error:
        raise damaged(path, error) from error
    except (apsw.CantOpenError, apsw.ReadOnlyError) as error:
        raise FatalError(f"cannot open {path}: {error}; check that the folder exists and may be written") from error
    except (apsw.IOError, apsw.FullError, apsw.BusyError) as error:
        raise FatalError(
            f"cannot open {path}: {error}; check that the disk answers and is not full; if it is a network drive: "
            f"{NO_NETWORK_DRIVE}"
        ) from error
    if mode != "wal":
        connection.close()
        raise FatalError(f"{path} cannot be used in WAL mode ({mode}): {NO_NETWORK_DRIVE}")
    return connection


def damaged(path: Path | str, error: Exception | str) -> DamagedError:
    """Return what to raise where the file at `path` turns out damaged."""
    return DamagedError(
        f"{path} is damaged: {error}. Nothing was changed. See what can be read: jianbao doctor --data "
        f"{Path(path).parent}; put the last good state back: jianbao restore BACKUP --data {Path(path).parent}"
    )


def damage_note(path: Path) -> Path:
    """Return where whoever meets damage of the file at `path` notes it: a process that only reads does not end of it."""
    return path.parent / "run" / "damaged.txt"


def fault(connection: apsw.Connection, act: str, error: apsw.Error) -> DamagedError | LogUnavailableError:
    """Return what to raise for one of FAULTS: damage stays, all else may heal. `act`: write, read."""
    if isinstance(error, DAMAGE):
        met = damaged(connection.filename, error)
        note = damage_note(Path(connection.filename))
        with suppress(OSError):  # it helps, and the error says the same
            note.write_text(str(met), encoding="utf-8")
        return met
    return LogUnavailableError(f"cannot {act} the database: {error}")


def select(connection: apsw.Connection, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement and return all its rows; types are those that the tables were given.

    Raises DamagedError, and LogUnavailableError where the file cannot be read now.
    """
    try:
        return list(connection.execute(statement, values))
    except FAULTS as error:
        raise fault(connection, "read", error) from error


def select_one(connection: apsw.Connection, statement: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Run a statement and return its first row, or None."""
    return next(iter(select(connection, statement, values)), None)


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """Run a block as one write transaction: all of it or nothing.

    Raises LogUnavailableError where the file cannot be written now (full disk, I/O error, locked for too long), and
    DamagedError.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        try:
            connection.execute("COMMIT")
        except apsw.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    except FAULTS as error:
        raise fault(connection, "write", error) from error
