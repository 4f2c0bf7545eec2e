"""The first start of a newer program over an older folder: a copy before the tables change, or no change at all."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import apsw
import pytest
from filled_folder import push_into

from jianbao_standalone.backup import files, restoring
from jianbao_standalone.backup.verifying import verify
from jianbao_standalone.layouts import KNOWN, older_tables
from jianbao_standalone.supervisor.lives import LastEnd
from jianbao_standalone.supervisor.opening import open_folder
from jianbao_streaming import FatalError
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.sqlite import DATABASE, versions

OLD_TABLES = Path(__file__).resolve().parents[1] / "faults" / "folder_before_layout_versions.sql"
LARGE = "大文件".encode() * 500_000


@pytest.fixture
def old_folder(tmp_path: Path) -> Path:
    """A folder as it was before layout versions were recorded, with a payload that one of its records needs."""
    data = tmp_path / "data"
    (data / "run").mkdir(parents=True)
    payload = open_embedded(tmp_path / "elsewhere").payloads.put(LARGE)
    (tmp_path / "elsewhere" / "payloads").rename(data / "payloads")
    connection = apsw.Connection(str(data / DATABASE))
    connection.execute(OLD_TABLES.read_text("utf-8"))
    connection.execute("UPDATE log_record SET dataref = ? WHERE id = (SELECT min(id) FROM log_record)", (payload,))
    connection.close()
    return data


def layout_of(data: Path) -> dict[str, int]:
    connection = apsw.Connection(str(data / DATABASE))
    try:
        return versions(connection)
    finally:
        connection.close()


def test_the_tables_are_copied_before_they_change_and_the_copy_can_be_restored(
    old_folder: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    open_folder(old_folder, LastEnd.STOPPED, told.append)
    assert layout_of(old_folder)["log"] == KNOWN["log"]
    (copy,) = (old_folder / "before-upgrade").iterdir()
    assert any(str(copy) in line for line in told)
    verdict = verify(copy)
    assert verdict.problems == []
    assert verdict.manifest.layouts == {"log": 1}
    assert not (old_folder / "run" / "last-backup.json").exists(), (
        "it is on the same disk, so it is no backup to rest on"
    )
    for file in (copy / "payloads").rglob("*"):
        assert file.is_dir() or file.stat().st_nlink == 2, "payloads are linked and take no room"

    restoring.prepare(copy, restoring.acceptable(copy), tmp_path / "older")
    restoring.carry_out(tmp_path / "older")
    assert layout_of(tmp_path / "older") == {}, "the older program finds its tables as they were"
    open_folder(tmp_path / "older", LastEnd.NONE, told.append)
    assert layout_of(tmp_path / "older")["log"] == KNOWN["log"]


def test_the_second_start_makes_no_second_copy(old_folder: Path) -> None:
    open_folder(old_folder, LastEnd.STOPPED, lambda _line: None)
    (copy,) = (old_folder / "before-upgrade").iterdir()
    open_folder(old_folder, LastEnd.STOPPED, lambda _line: None)
    assert list((old_folder / "before-upgrade").iterdir()) == [copy]


def test_without_room_for_a_copy_nothing_is_changed(old_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1024))
    with pytest.raises(FatalError, match=r"not enough room for the change of tables.*Nothing was changed"):
        open_folder(old_folder, LastEnd.STOPPED, lambda _line: None)
    assert layout_of(old_folder) == {}
    assert older_tables(old_folder)


def test_a_new_folder_is_told_as_one_and_only_at_its_first_start(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        open_folder(tmp_path / "mistyped", LastEnd.NONE, told.append)
    (line,) = told
    assert line.startswith(f"new, empty data folder made in {tmp_path / 'mistyped'}")


def test_a_new_folder_and_one_whose_tables_were_just_being_made_need_no_copy(tmp_path: Path) -> None:
    open_folder(tmp_path / "new", LastEnd.NONE, lambda _line: None)
    (tmp_path / "begun").mkdir()
    connection = apsw.Connection(str(tmp_path / "begun" / DATABASE))
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    open_folder(tmp_path / "begun", LastEnd.NONE, lambda _line: None)
    push_into(tmp_path / "begun", "one", range(1))
    for name in ("new", "begun"):
        assert not (tmp_path / name / "before-upgrade").exists()
