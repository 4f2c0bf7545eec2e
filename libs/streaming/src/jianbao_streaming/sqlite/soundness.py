"""Whether the one file can be trusted, found out without changing anything.

SQLite notices damage only where it happens to read, and a file that is too short or not its own it may even take for an
empty one and write over. So the file is looked over before anything opens it for writing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw

from jianbao_streaming.sqlite.connection import DAMAGE, damaged

MAGIC = b"SQLite format 3\x00"
HEADER_BYTES = 100
"""Of https://sqlite.org/fileformat2.html#the_database_header, of which some fields are read here."""

WAL_MAGICS = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""First bytes of a write-ahead log (https://sqlite.org/fileformat2.html#the_write_ahead_log)."""

MOST_FINDINGS = 3
STEPS_BETWEEN_LOOKS = 100_000
"""Steps of SQLite's machine between two questions whether the answer is still wanted: some milliseconds."""


def look_over(path: Path, *, in_use: bool) -> None:
    """Compare what the file says of itself with what is there: some reads, whatever its size. Raises DamagedError.

    `in_use`: this folder has been served before, so that a file that is missing or empty is a loss and no beginning.
    """
    wal = path.with_name(f"{path.name}-wal")
    size = path.stat().st_size if path.exists() else 0
    logged = wal.stat().st_size if wal.exists() else 0
    if size == 0:
        if in_use or logged:
            what = "is empty" if path.exists() else "is missing"
            raise damaged(path, f"it {what}, though this folder has been in use")
        return
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise damaged(path, "it does not begin as an SQLite file does; something else was written over it")
    if logged:
        _look_over_wal(path, wal)
        return  # the file may lag behind its write-ahead log in any way
    page = int.from_bytes(header[16:18], "big")
    expected = int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page)
    if header[24:28] == header[92:96] and size < expected:
        raise damaged(path, f"it was cut off: {size} of {expected} bytes are there")


def _look_over_wal(path: Path, wal: Path) -> None:
    with wal.open("rb") as file:
        begin = file.read(4)
    if begin.strip(b"\0") and begin not in WAL_MAGICS:  # zeros are what a power cut leaves of a file just begun
        raise damaged(path, f"{wal.name} beside it, with the last commits, does not begin as a write-ahead log does")


def read_through(path: Path, wanted: Callable[[], bool] = lambda: True) -> None:
    """Read every page and check that they make up a whole (`PRAGMA quick_check`). Raises DamagedError.

    Reads beside anything that writes. Returns early once it is not `wanted` any more.
    """
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        connection.set_progress_handler(lambda: not wanted(), STEPS_BETWEEN_LOOKS)
        findings = [str(row[0]) for row in connection.execute(f"PRAGMA quick_check({MOST_FINDINGS})")]
    except apsw.InterruptError:
        return
    except DAMAGE as error:
        raise damaged(path, error) from error
    finally:
        connection.close()
    if findings != ["ok"]:
        raise damaged(path, "; ".join(" ".join(finding.split()) for finding in findings))
