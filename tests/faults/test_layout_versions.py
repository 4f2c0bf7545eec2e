"""A folder of an earlier version goes on with everything in it; one of a newer version is refused and left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from running import running, until

from jianbao_ingest.adapters import sqlite_receipts
from jianbao_normalize.adapters import decisions_sqlite, fingerprints_sqlite
from jianbao_search.adapters import revisions
from jianbao_standalone.layouts import KNOWN
from jianbao_streaming import FatalError
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.sqlite import DATABASE, bring_up_to_date, connect, schema, select, versions

OLD = Path(__file__).parent / "folder_before_layout_versions.sql"
SECOND = "巡河护堤报告\n\n沿江各村组织志愿者巡河护堤，清理垃圾四十一处，劝导乱倒行为十二起。\n"

OPENINGS: dict[str, Callable[[Path], object]] = {
    "log": open_embedded,
    "ingest": lambda data: sqlite_receipts.SqliteReceipts(connect(data / DATABASE)),
    "normalize decisions": lambda data: decisions_sqlite.SqliteDecisions(connect(data / DATABASE)),
    "normalize fingerprints": lambda data: fingerprints_sqlite.SqliteFingerprints(connect(data / DATABASE)),
    "search": revisions.SqliteRevisions,
}


@pytest.fixture
def old_folder(tmp_path: Path) -> Path:
    """A data folder as the program left it before it recorded versions."""
    data = tmp_path / "old"
    data.mkdir()
    connection = apsw.Connection(str(data / DATABASE))
    connection.execute(OLD.read_text("utf-8"))
    connection.close()
    return data


def up(data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jianbao_standalone", "up", "--ingest-port", "0", "--search-port", "0"]
    return subprocess.run([*command, "--data", str(data)], capture_output=True, text=True, timeout=60)


def test_up_knows_the_same_versions_as_the_services() -> None:
    owners = (schema, sqlite_receipts, decisions_sqlite, fingerprints_sqlite, revisions)
    assert {owner.COMPONENT: len(owner.STEPS) for owner in owners} == KNOWN
    assert set(OPENINGS) == set(KNOWN)


@pytest.mark.timeout(90)
def test_an_old_folder_is_opened_with_everything_that_is_in_it(old_folder: Path) -> None:
    connection = connect(old_folder / DATABASE)
    before = {
        table: select(connection, f"SELECT count(*) FROM {table}")
        for (table,) in select(connection, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
    connection.close()
    with running(old_folder) as jianbao:
        receipts = {one: jianbao.receipt("archive", one)["state"] for one in OLD_PUSHES}
        assert receipts == OLD_PUSHES
        assert until(lambda: jianbao.search("巡河")["total"] or None, "the index to be made from the old log") == 1
        connection = connect(old_folder / DATABASE)
        assert versions(connection) == KNOWN
        after = {table: select(connection, f"SELECT count(*) FROM {table}") for table in before}
        connection.close()
        assert {table: rows for table, rows in after.items() if rows != before[table]}.keys() <= {
            "log_record",
            "log_group",
        }
        third = jianbao.push("archive", "a.txt", SECOND.replace("四十一", "五十三").encode())
        assert jianbao.final("archive", third.json()["push_id"], "searchable")["revision"] == 3
        copy = jianbao.push("another", "b.txt", SECOND.encode())
        told = jianbao.final("another", copy.json()["push_id"], "searchable")
        assert [relation["bulletin_id"].split(".")[0] for relation in told["relations"]] == ["archive"]


OLD_PUSHES = {
    "03213a1cddd1039a226d819dcc234101": "searchable",
    "118d45a6ddfbd051a08fe4205bffa70e": "withdrawn",
    "6f72cc81a2b48bc15d81ad830d72a3b1": "dead_lettered",
    "95b1ad7fcfbd9588f0a9f58b4637d34d": "withdrawn",
    "f2f326d8bddac2cbbe9bee5b019efdcc": "superseded",
}


@pytest.mark.parametrize("component", list(OPENINGS))
def test_tables_that_a_newer_program_wrote_are_refused_and_left_alone(old_folder: Path, component: str) -> None:
    for opening in OPENINGS.values():
        opening(old_folder)
    connection = connect(old_folder / DATABASE)
    connection.execute("UPDATE layout SET version = 99 WHERE component = ?", (component,))
    with pytest.raises(FatalError, match=rf"tables of {component} .*version 99.*up to version {KNOWN[component]}"):
        OPENINGS[component](old_folder)
    with pytest.raises(FatalError, match="jianbao restore BACKUP"):
        OPENINGS[component](old_folder)
    for other in OPENINGS.keys() - {component}:
        OPENINGS[other](old_folder)
    assert versions(connection) == {**KNOWN, component: 99}
    connection.close()


def test_up_refuses_a_newer_folder_in_one_line_before_anything_starts(old_folder: Path) -> None:
    for opening in OPENINGS.values():
        opening(old_folder)
    connection = connect(old_folder / DATABASE)
    connection.execute("UPDATE layout SET version = 7 WHERE component = 'search'")
    connection.close()
    refused = up(old_folder)
    assert refused.returncode == 1
    (line,) = refused.stderr.strip().splitlines()
    assert "the tables of search" in line
    assert "version 7" in line
    assert "a newer Jianbao wrote them" in line
    assert "jianbao restore BACKUP --data" in line
    assert not (old_folder / "logs").exists()


def test_a_program_from_before_versions_were_recorded_refuses_the_new_folder(old_folder: Path) -> None:
    open_embedded(old_folder).close()
    connection = connect(old_folder / DATABASE)
    assert connection.pragma("user_version") == KNOWN["log"], "it knows 1, and refuses what is higher"
    connection.close()


STEPS = (
    "CREATE TABLE IF NOT EXISTS thing (x); INSERT INTO thing VALUES (1)",
    "ALTER TABLE thing ADD COLUMN y; UPDATE thing SET y = x + 1",
    "UPDATE thing SET y = y * 10",
)


@pytest.mark.parametrize("killed_in", [1, 2, 3])
def test_a_migration_that_was_killed_goes_on_where_it_was(tmp_path: Path, killed_in: int) -> None:
    """A real process runs the steps and dies in the middle of one, after its SQL and before its commit."""
    path = tmp_path / DATABASE
    child = os.fork()
    if child == 0:

        def deadly(connection: apsw.Connection) -> None:
            connection.execute(STEPS[killed_in - 1])
            os.kill(os.getpid(), 9)

        bring_up_to_date(connect(path), "thing", [*STEPS[: killed_in - 1], deadly, *STEPS[killed_in:]])
        os._exit(3)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == 9
    connection = connect(path)
    assert versions(connection) == ({"thing": killed_in - 1} if killed_in > 1 else {})
    bring_up_to_date(connection, "thing", STEPS)
    assert versions(connection) == {"thing": 3}
    assert select(connection, "SELECT x, y FROM thing") == [(1, 20)], "every step was done, and done once"


def test_a_step_that_fails_leaves_nothing_of_itself(tmp_path: Path) -> None:
    connection = connect(tmp_path / DATABASE)
    with pytest.raises(apsw.SQLError):
        bring_up_to_date(connection, "thing", [STEPS[0], "ALTER TABLE thing ADD COLUMN y; SELECT nonsense"])
    assert versions(connection) == {"thing": 1}
    bring_up_to_date(connection, "thing", STEPS)
    assert select(connection, "SELECT x, y FROM thing") == [(1, 20)]


def test_an_up_to_date_file_is_not_written_at_all(tmp_path: Path) -> None:
    bring_up_to_date(connect(tmp_path / DATABASE), "thing", STEPS)
    connection = connect(tmp_path / DATABASE)
    connection.execute("PRAGMA query_only = 1")
    bring_up_to_date(connection, "thing", STEPS)
