"""The log file cut off, overwritten, gone or rotten: seen before anything is written over it, and said with what to do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from log_engines import record
from running import running, until

from faults import up_to_its_end
from jianbao_standalone.backup import making
from jianbao_standalone.backup.contents import Wanted
from jianbao_standalone.supervisor import opening
from jianbao_standalone.supervisor.lives import LastEnd, Lives
from jianbao_streaming import FatalError
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.outcomes import DamagedError
from jianbao_streaming.sqlite import DATABASE, connect, transaction
from jianbao_streaming.sqlite.connection import damage_note
from jianbao_streaming.sqlite.soundness import look_over, read_through

PAGE = 4096


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A data folder that was served and stopped in order, with some hundred pages of records."""
    data = tmp_path / "data"
    engine = open_embedded(data)
    engine.log.append([record("t", f"k{n}", os.urandom(3000)) for n in range(300)])
    engine.close()
    connection = connect(data / DATABASE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    Lives(data).note(stopped=True)
    return data


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_within_the_header(path: Path) -> None:
    os.truncate(path, 60)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def replaced_by_text(path: Path) -> None:
    path.write_text("这不是数据库。\n" * 5000, encoding="utf-8")


def removed(path: Path) -> None:
    path.unlink()


def overwritten_in_the_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(os.urandom(60 * PAGE))


def begun_with_zeros(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(PAGE))


SEEN_AT_ONCE = (cut_in_half, cut_within_the_header, emptied, replaced_by_text, removed, begun_with_zeros)
DAMAGES = (*SEEN_AT_ONCE, overwritten_in_the_middle)


def state_of(folder: Path) -> dict[str, bytes]:
    """All bytes of the file and its write-ahead log; what else SQLite keeps beside it is made anew by every reader."""
    found = [path for path in folder.glob(f"{DATABASE}*") if path.suffix != ".sqlite-shm" and path.stat().st_size]
    return {path.name: path.read_bytes() for path in found}


@pytest.mark.parametrize("damage", SEEN_AT_ONCE, ids=lambda damage: damage.__name__)
def test_what_a_look_at_the_file_tells_is_seen_whatever_its_size(used: Path, damage: Callable[[Path], None]) -> None:
    look_over(used / DATABASE, in_use=True)
    damage(used / DATABASE)
    with pytest.raises(DamagedError, match="Nothing was changed"):
        look_over(used / DATABASE, in_use=True)


def test_rot_in_the_middle_is_seen_by_reading_all_of_it(used: Path) -> None:
    overwritten_in_the_middle(used / DATABASE)
    before = state_of(used)
    look_over(used / DATABASE, in_use=True)
    with pytest.raises(DamagedError):
        read_through(used / DATABASE)
    assert state_of(used) == before


def test_reading_all_of_a_sound_file_finds_nothing_also_beside_a_writer(used: Path) -> None:
    engine = open_embedded(used)
    engine.log.append([record("t", "late")])
    read_through(used / DATABASE)
    engine.log.append([record("t", "later")])
    assert engine.log.end("t") == 302


def test_reading_ends_early_when_it_is_not_wanted_any_more(used: Path) -> None:
    overwritten_in_the_middle(used / DATABASE)
    asked: list[int] = []
    read_through_steps = 1
    from jianbao_streaming.sqlite import soundness

    before, soundness.STEPS_BETWEEN_LOOKS = soundness.STEPS_BETWEEN_LOOKS, read_through_steps
    try:
        read_through(used / DATABASE, lambda: asked.append(1) is not None)
    finally:
        soundness.STEPS_BETWEEN_LOOKS = before
    assert asked


def test_a_write_ahead_log_that_is_none_is_seen_before_it_is_thrown_away(used: Path) -> None:
    (used / f"{DATABASE}-wal").write_bytes(b"junk" * 2000)
    with pytest.raises(DamagedError, match="with the last commits"):
        look_over(used / DATABASE, in_use=True)
    (used / f"{DATABASE}-wal").write_bytes(bytes(8192))
    look_over(used / DATABASE, in_use=True)


def test_a_folder_of_its_first_day_may_lack_the_file(tmp_path: Path) -> None:
    look_over(tmp_path / DATABASE, in_use=False)


@pytest.mark.parametrize("damage", [cut_in_half, replaced_by_text, removed, overwritten_in_the_middle])
def test_up_starts_nothing_on_a_damaged_file_and_says_what_to_do(used: Path, damage: Callable[[Path], None]) -> None:
    damage(used / DATABASE)
    before = state_of(used)
    refused = up_to_its_end(used)
    assert refused.returncode == 4
    (line,) = refused.stderr.strip().splitlines()
    assert f"{used / DATABASE} is damaged" in line
    assert f"jianbao restore BACKUP --data {used}" in line
    assert f"jianbao doctor --data {used}" in line
    assert state_of(used) == before, "it was made worse"
    assert not (used / "run" / "normalize.json").exists()


@pytest.mark.parametrize(
    "verb",
    ["dlq stats", "dlq list", "audit", "topics status", "tail bulletins.raw.v1", "offices list", "backup elsewhere"],
)
def test_every_verb_says_in_one_line_that_the_file_is_damaged(used: Path, verb: str) -> None:
    replaced_by_text(used / DATABASE)
    line = [sys.executable, "-m", "jianbao_standalone", *verb.split(), "--data", str(used)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, cwd=used.parent, check=False)
    assert done.returncode == DamagedError.exit_code
    (said,) = done.stderr.strip().splitlines()
    assert f"{used / DATABASE} is damaged" in said
    assert "jianbao restore BACKUP" in said


def test_where_a_backup_is_known_up_and_doctor_name_it(used: Path, tmp_path: Path) -> None:
    done, _ = making.make(Wanted(used, tmp_path / "to"), lambda _line: None)
    replaced_by_text(used / DATABASE)
    assert f"jianbao restore {done} --data {used}" in up_to_its_end(used).stderr
    line = [sys.executable, "-m", "jianbao_standalone", "doctor", "--data", str(used)]
    told = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False).stdout
    assert f"jianbao restore {done} --data {used}" in told
    assert "BACKUP" not in told


@pytest.mark.parametrize(
    ("small", "last_end", "noted", "inline"),
    [
        (True, LastEnd.STOPPED, False, True),
        (False, LastEnd.STOPPED, False, False),
        (False, LastEnd.KILLED, False, False),
        (False, LastEnd.CRASHED, False, True),
        (False, LastEnd.STOPPED, True, True),
    ],
)
def test_a_large_file_is_read_through_before_the_start_only_where_there_is_reason_to(
    used: Path, monkeypatch: pytest.MonkeyPatch, small: bool, last_end: LastEnd, noted: bool, inline: bool
) -> None:
    monkeypatch.setattr(opening, "SMALL_BYTES", 10**9 if small else 1000)
    if noted:
        damage_note(used / DATABASE).write_text("met")
    told: list[str] = []
    assert opening.open_folder(used, last_end, told.append) is inline
    assert bool(told) is (inline and not small)
    assert not damage_note(used / DATABASE).exists()


def test_how_the_last_life_ended_is_known(tmp_path: Path) -> None:
    boot = tmp_path / "boot_id"
    boot.write_text("first boot")
    lives = Lives(tmp_path, boot)
    assert lives.last_end() is LastEnd.NONE
    lives.note(stopped=False)
    assert lives.last_end() is LastEnd.KILLED
    boot.write_text("second boot")
    assert lives.last_end() is LastEnd.CRASHED
    lives.note(stopped=True)
    assert lives.last_end() is LastEnd.STOPPED
    (tmp_path / "run" / "life.json").write_text("{")
    assert lives.last_end() is LastEnd.CRASHED


@pytest.mark.parametrize("act", ["append", "poll", "read", "look"])
def test_damage_met_while_running_ends_the_process_with_a_code_of_its_own_and_is_noted(used: Path, act: str) -> None:
    engine = open_embedded(used)
    member = engine.log.join("g", ["t"])
    overwritten_in_the_middle(used / DATABASE)
    acts: dict[str, Callable[[], object]] = {
        "append": lambda: engine.log.append([record("t", f"k{n}", b"x" * 3000) for n in range(50)]),
        "poll": lambda: member.poll(1000, 0),
        "read": lambda: engine.log.reader(["t"]).poll(1000, 0),
        "look": engine.log.topics,
    }
    with pytest.raises(DamagedError, match="jianbao restore BACKUP") as met:
        acts[act]()
    assert met.value.exit_code == 4
    assert damage_note(used / DATABASE).read_text("utf-8") == str(met.value)


def test_damage_in_a_write_is_no_reason_to_try_again(used: Path) -> None:
    connection = connect(used / DATABASE)
    with pytest.raises(FatalError), transaction(connection):
        raise apsw.CorruptError("as if met here")


@pytest.mark.timeout(120)
def test_damage_met_while_all_runs_stops_everything_and_says_what_to_do(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as jianbao:
        answer = jianbao.push("probe", "a.txt", "损坏之前的简报，已经入库。".encode())
        jianbao.final("probe", answer.json()["push_id"], "searchable")
        whole = tmp_path / "whole"
        connection = connect(data / DATABASE)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM INTO ?", (str(whole),))
        connection.close()
        size = (data / DATABASE).stat().st_size
        with (data / DATABASE).open("r+b") as file:
            file.seek(PAGE)
            file.write(b"\xff" * (size - PAGE))
        key = jianbao.key_of("probe")
        jianbao.http.post(
            f"{jianbao.url('ingest-api')}/v1/bulletins",
            params={"document_id": "b.txt"},
            content="损坏之后的简报".encode(),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "text/plain"},
        )
        until(lambda: jianbao.process.poll() is not None, "everything to stop", 30)
        said = jianbao.process.stderr.read()
        assert jianbao.process.returncode == 4
        assert f"{data / DATABASE} is damaged" in said
        assert f"jianbao restore BACKUP --data {data}" in said
        assert said.count("is damaged") == 1, "said once"
        for name in ("ingest-api", "normalize", "extract", "search-indexer", "ingest-receipts", "search-api"):
            with pytest.raises(ProcessLookupError):
                os.kill(jianbao.told(name)["pid"], signal.SIG_DFL)
        again = up_to_its_end(data)
        assert again.returncode == 4
        for leftover in data.glob(f"{DATABASE}*"):
            leftover.unlink()
        shutil.copy(whole, data / DATABASE)
    with running(data) as jianbao:
        assert jianbao.receipt("probe", answer.json()["push_id"])["state"] == "searchable"
        assert jianbao.search("已经入库")["total"] == 1
