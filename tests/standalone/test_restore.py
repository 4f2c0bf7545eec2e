"""jianbao restore: verified first, nothing deleted, and whole after a kill at any point."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from filled_folder import Filled, filled_folder, push_into

from jianbao_contracts import topics
from jianbao_standalone.backup import BackupError, alone, files, making, restoring
from jianbao_standalone.backup.contents import Wanted, payload_path
from jianbao_standalone.backup.manifest import MANIFEST, Manifest, parse_manifest
from jianbao_standalone.backup.plan import plan_file, read_result
from jianbao_streaming import FatalError
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.sqlite import DATABASE

OLD, NEW = 26, 21
"""Ends of the raw topic: in the data folder, and in the backup that was made earlier."""


@dataclass(frozen=True)
class Scene:
    """A data folder that went on after a backup was made of it."""

    filled: Filled
    backup: Path
    manifest: Manifest

    @property
    def data(self) -> Path:
        return self.filled.data


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    filled = filled_folder(tmp_path / "data")
    backup, manifest = making.make(Wanted(filled.data, tmp_path / "to"), lambda _line: None)
    push_into(filled.data, "late", range(5))
    (filled.data / "index").mkdir()
    (filled.data / "index" / "meta.json").write_text("{}")
    return Scene(filled, backup, manifest)


def command(*arguments: str | Path, expect: int = 0) -> str:
    line = [sys.executable, "-m", "jianbao_standalone", *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def end_of_raw(data: Path) -> int:
    engine = open_embedded(data)
    try:
        return engine.log.end(topics.RAW)
    finally:
        engine.close()


def test_into_a_new_folder_it_is_just_put_in_place(scene: Scene, tmp_path: Path) -> None:
    told = command("restore", scene.backup, "--data", tmp_path / "new")
    assert end_of_raw(tmp_path / "new") == NEW
    engine = open_embedded(tmp_path / "new")
    assert engine.payloads.get(scene.filled.payload)
    engine.close()
    assert not list((tmp_path / "new").glob("before-restore-*"))
    assert not list((tmp_path / "new").glob("restore-*"))
    assert f"jianbao up --data {tmp_path / 'new'}" in told


def test_what_was_there_is_set_aside_whole_and_the_index_is_left_to_be_rebuilt(scene: Scene) -> None:
    command("restore", scene.backup, "--data", scene.data)
    assert end_of_raw(scene.data) == NEW
    assert not (scene.data / "index").exists()
    (before,) = scene.data.glob("before-restore-*")
    assert end_of_raw(before) == OLD, "what was set aside is a data folder that can be served"
    assert (before / payload_path(scene.filled.payload)).exists()
    assert (before / "index" / "meta.json").exists()


def test_it_tells_which_offices_have_to_push_again(scene: Scene) -> None:
    told = command("restore", scene.backup, "--data", scene.data)
    assert "bulletins.raw: ended at 26, now ends at 21 (5 records set aside)" in told
    assert "5 acknowledged pushes are not in the restored state" in told
    assert "by office: late 5" in told
    assert "push again" in told


def test_logs_that_parted_are_compared_where_they_parted(scene: Scene) -> None:
    command("restore", scene.backup, "--data", scene.data)
    push_into(scene.data, "second", range(9))  # the new log is longer now than the one set aside, and another
    (before,) = scene.data.glob("before-restore-*")
    elsewhere, _ = making.make(Wanted(before, scene.backup.parent), lambda _line: None)
    assert "by office: second 9" in command("restore", elsewhere, "--data", scene.data)


def test_an_old_database_that_cannot_be_read_is_no_obstacle(scene: Scene) -> None:
    (scene.data / DATABASE).write_bytes(b"no database at all" * 1000)
    told = command("restore", scene.backup, "--data", scene.data)
    assert "ask all offices to push again" in told
    assert end_of_raw(scene.data) == NEW


def test_keys_come_back_with_the_modes_they_need(scene: Scene, tmp_path: Path) -> None:
    backup, _ = making.make(Wanted(scene.data, tmp_path / "to", with_keys=True), lambda _line: None)
    (backup / "keys" / "one.key").chmod(0o644)  # a FAT stick keeps no modes
    command("restore", backup, "--data", tmp_path / "new")
    key = tmp_path / "new" / "keys" / "one.key"
    assert key.read_text("utf-8") == scene.filled.key
    assert key.stat().st_mode & 0o077 == 0
    assert key.parent.stat().st_mode & 0o077 == 0


def test_a_damaged_backup_changes_nothing(scene: Scene) -> None:
    path = scene.backup / payload_path(scene.filled.payload)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert "is damaged; use another backup" in command("restore", scene.backup, "--data", scene.data, expect=1)
    assert end_of_raw(scene.data) == OLD
    assert not list(scene.data.glob("*restore-*"))


def test_a_backup_of_a_newer_layout_is_refused_with_what_to_upgrade(scene: Scene) -> None:
    newer = scene.manifest.model_copy(update={"layouts": {"log": 99}, "product_version": "9.9"})
    (scene.backup / MANIFEST).write_text(newer.to_json(), "utf-8")
    told = command("restore", scene.backup, "--data", scene.data, expect=1)
    assert "log 99" in told
    assert "9.9" in told
    assert "Upgrade Jianbao" in told
    assert end_of_raw(scene.data) == OLD


def test_a_backup_of_an_older_layout_is_taken(scene: Scene, tmp_path: Path) -> None:
    assert restoring.newer_layouts({"log": 1}, restoring.KNOWN) == []


def test_a_folder_of_something_else_is_left_alone(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "home" / "letters").mkdir(parents=True)
    told = command("restore", scene.backup, "--data", tmp_path / "home", expect=1)
    assert "neither empty nor the data folder" in told
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letters"]


def test_a_full_disk_is_told_before_anything_changes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1024))
    with pytest.raises(BackupError, match="not enough room for the restored files"):
        restoring.prepare(scene.backup, scene.manifest, scene.data)
    assert not list(scene.data.glob("restore-*"))


def test_while_another_program_has_the_database_open_it_gives_way(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "PATIENCE_S", 0.1)
    engine = open_embedded(scene.data)
    restoring.prepare(scene.backup, scene.manifest, scene.data)
    told = restoring.carry_out(scene.data)
    engine.close()
    assert "nothing was changed: another program still has the database open" in told
    assert end_of_raw(scene.data) == OLD
    assert not list(scene.data.glob("restore-*"))
    assert not restoring.pending(scene.data)


def test_prepared_files_that_are_gone_are_told(scene: Scene) -> None:
    plan = restoring.prepare(scene.backup, scene.manifest, scene.data)
    files.shutil.rmtree(scene.data / plan.prepared)
    assert "are gone" in restoring.carry_out(scene.data)
    result = read_result(scene.data, plan)
    assert result is not None
    assert not result.restored
    assert end_of_raw(scene.data) == OLD


def test_a_second_restore_waits_for_the_first(scene: Scene) -> None:
    restoring.prepare(scene.backup, scene.manifest, scene.data)
    with pytest.raises(BackupError, match="under way"):
        restoring.prepare(scene.backup, scene.manifest, scene.data)


def test_a_plan_that_cannot_be_read_is_told_with_what_to_do(scene: Scene) -> None:
    plan_file(scene.data).write_text("{", "utf-8")
    with pytest.raises(FatalError, match=r"delete it and run jianbao restore"):
        restoring.carry_out(scene.data)


ACTS = ("rename", "replace", "unlink", "mkdir", "fsync", "rmdir")
"""What changes a disk: a process that dies between two of these dies between any two states."""


def killed_after(data: Path, steps: int) -> bool:
    """Carry a restore out in a forked process that dies at its n-th act on the disk; whether it died."""
    child = os.fork()
    if child == 0:
        left = [steps]
        for name in ACTS:
            setattr(os, name, dying_act(getattr(os, name), left))
        restoring.carry_out(data)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
    return os.WIFSIGNALED(status)


def dying_act(real: Callable[..., object], left: list[int]) -> Callable[..., object]:
    def act(*arguments: object, **options: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)

    return act


@contextmanager
def copied(data: Path, to: Path) -> Iterator[Path]:
    files.shutil.copytree(data, to)
    yield to
    files.shutil.rmtree(to)


@pytest.mark.timeout(300)
def test_killed_at_any_point_the_old_or_the_new_state_is_there_and_the_next_start_finishes(
    scene: Scene, tmp_path: Path
) -> None:
    restoring.prepare(scene.backup, scene.manifest, scene.data)
    states, steps = set(), 0
    dying = True
    while dying:
        with copied(scene.data, tmp_path / "try") as data:
            dying = killed_after(data, steps)
            if not (data / DATABASE).exists():
                states.add("none")
                assert restoring.pending(data), "no database, and nothing that says why"
            else:
                with copied(data, tmp_path / "look") as look:
                    end = end_of_raw(look)
                states.add({OLD: "old", NEW: "new"}[end])
            if dying and restoring.pending(data):
                killed_after(data, steps % 3)  # and once more on the way to the end
            restoring.carry_out(data)
            assert end_of_raw(data) == NEW
            assert (data / payload_path(scene.filled.payload)).exists()
            (before,) = data.glob("before-restore-*")
            assert end_of_raw(before) == OLD
            assert (before / payload_path(scene.filled.payload)).exists()
            assert not restoring.pending(data)
        steps += 1
    assert states == {"old", "none", "new"}
    assert steps > 15


def test_the_next_restore_finishes_an_interrupted_one_first(scene: Scene) -> None:
    restoring.prepare(scene.backup, scene.manifest, scene.data)
    assert killed_after(scene.data, 6)
    told = command("restore", scene.backup, "--data", scene.data)
    assert "interrupted and is finished first" in told
    assert end_of_raw(scene.data) == NEW
    assert len(list(scene.data.glob("before-restore-*"))) == 2


def test_a_kill_while_preparing_leaves_the_old_state_and_no_plan(scene: Scene) -> None:
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, sys; from pathlib import Path\n"
            "from jianbao_standalone.backup import restoring\n"
            "restoring.contradictions = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "backup, data = map(Path, sys.argv[1:])\n"
            "restoring.prepare(backup, restoring.acceptable(backup), data)\n",
            str(scene.backup),
            str(scene.data),
        ],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not restoring.pending(scene.data)
    assert end_of_raw(scene.data) == OLD
    assert len(list(scene.data.glob("restore-*"))) == 1
    command("restore", scene.backup, "--data", scene.data)
    assert not list(scene.data.glob("restore-*")), "the next restore clears away what the killed one had prepared"


def test_a_served_folder_is_asked_for_and_without_a_terminal_refused(scene: Scene) -> None:
    with alone.folder_for_itself(scene.data) as served_by:
        assert served_by is None
        told = command("restore", scene.backup, "--data", scene.data, expect=1)
    assert "give --yes" in told
    assert end_of_raw(scene.data) == OLD


def test_the_manifest_reads_back_as_it_was_written(scene: Scene) -> None:
    assert parse_manifest(scene.manifest.to_json(), "here") == scene.manifest
