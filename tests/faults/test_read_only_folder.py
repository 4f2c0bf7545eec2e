"""A data folder that cannot be written: one clear line at the start, 503 and waiting while running, nothing lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from log_engines import record

from faults import as_nobody_special, read_only, up_to_its_end
from jianbao_standalone.backup.errors import why
from jianbao_streaming import FatalError, LogUnavailableError
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.sqlite import DATABASE, connect, transaction
from jianbao_streaming.sqlite import connection as connections


def test_up_says_in_one_line_that_it_may_not_write_its_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    open_embedded(data).close()
    with read_only(data):
        refused = up_to_its_end(data, preexec_fn=as_nobody_special)
    assert refused.returncode == 1
    line = refused.stderr.strip().splitlines()[-1]
    assert f"cannot serve {data}" in line
    assert "may not write there" in line
    assert "Traceback" not in refused.stderr


def test_up_says_so_too_where_the_folder_cannot_be_made(tmp_path: Path) -> None:
    with read_only(tmp_path):
        refused = up_to_its_end(tmp_path / "data", preexec_fn=as_nobody_special)
    assert refused.returncode == 1
    assert "may not write there" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_file_that_may_only_be_read_is_told_when_it_is_opened(tmp_path: Path) -> None:
    """The folder may be written, the file in it not: in a process of its own, for rights once lost are lost."""
    open_embedded(tmp_path).close()
    code = f"from jianbao_streaming.engine import open_embedded; from pathlib import Path; open_embedded(Path({str(tmp_path)!r}))"
    for path in tmp_path.glob(f"{DATABASE}-*"):
        path.unlink()
    with read_only(tmp_path):
        said = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, preexec_fn=as_nobody_special, check=False
        ).stderr
    assert "FatalError: cannot open" in said or "PermissionError" in said


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.EROFS, "the disk is read-only; mount it for writing"), (errno.EACCES, "may not write there")],
)
def test_a_read_only_disk_and_a_missing_right_are_told_apart(number: int, told: str) -> None:
    assert told in why(OSError(number, os.strerror(number), "/data"))


def test_while_running_a_write_that_is_refused_may_be_tried_again_and_leaves_nothing(tmp_path: Path) -> None:
    """What a disk remounted read-only does to a connection that is open: SQLITE_READONLY, here by its own pragma."""
    engine = open_embedded(tmp_path)
    engine.log.append([record("t", "before")])
    engine.log._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(LogUnavailableError, match="readonly"):
        engine.log.append([record("t", "refused")])
    assert engine.log.end("t") == 1, "reading goes on"
    engine.log._connection.execute("PRAGMA query_only = 0")
    engine.log.append([record("t", "after")])
    assert engine.log.end("t") == 2


def test_an_up_to_date_folder_is_not_written_by_opening_it(tmp_path: Path) -> None:
    open_embedded(tmp_path).close()
    held = connect(tmp_path / DATABASE)
    with transaction(held):  # whoever wanted to write now would wait, and fail
        open_embedded(tmp_path).close()


class NoWal(apsw.Connection):
    """A file on a network drive: it answers `delete` to the wish for a write-ahead log, or cannot lock."""

    answer: Callable[[], object] = staticmethod(lambda: iter([("delete",)]))

    def execute(self, statement: str, *values: object) -> object:
        if statement.startswith("PRAGMA journal_mode"):
            return self.answer()
        return super().execute(statement, *values)


def _locking_fails() -> object:
    raise apsw.IOError("disk I/O error")


@pytest.mark.parametrize("answer", [lambda: iter([("delete",)]), _locking_fails], ids=["no WAL", "no locks"])
def test_a_file_system_without_locks_or_shared_memory_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[], object]
) -> None:
    monkeypatch.setattr(NoWal, "answer", staticmethod(answer))
    monkeypatch.setattr(connections.apsw, "Connection", NoWal)
    with pytest.raises(FatalError, match=r"network drives.*disk of this machine with --data"):
        connect(tmp_path / DATABASE)
