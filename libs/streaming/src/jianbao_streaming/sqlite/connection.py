"""Connections to the one file: WAL, with the pragmas that its promises rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import apsw

from jianbao_streaming.outcomes import FatalError
from jianbao_streaming.ports import LogUnavailableError

DATABASE = "jianbao.sqlite"
"""Name of the file in the data folder."""

OLDEST_SAFE_VERSION = (3, 51, 3)
"""Before it, a WAL file can be corrupted when several connections write and checkpoint (the WAL-reset bug)."""

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one; a transaction here lasts milliseconds."""


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
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
    except apsw.CantOpenError as error:
        raise FatalError(f"cannot open {path}: {error}; check that the folder exists and may be written") from error
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise FatalError(f"{path} is damaged: {error}; restore the data folder from a backup") from error
    return connection


def select(connection: apsw.Connection, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement and return all its rows; types are those that the tables were given."""
    return list(connection.execute(statement, values))


def select_one(connection: apsw.Connection, statement: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Run a statement and return its first row, or None."""
    return next(iter(select(connection, statement, values)), None)


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """Run a block as one write transaction: all of it or nothing.

    Raises LogUnavailableError where the file cannot be written now (full disk, I/O error, locked for too long).
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
    except (apsw.FullError, apsw.IOError, apsw.BusyError, apsw.ReadOnlyError) as error:
        raise LogUnavailableError(f"cannot write the database: {error}") from error
