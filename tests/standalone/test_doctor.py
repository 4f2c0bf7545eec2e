"""jianbao doctor: useful where things are broken, changing nothing, never hanging."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from filled_folder import Filled, filled_folder, push_into
from running import Running, running, until

from jianbao_standalone.backup import making, restoring
from jianbao_standalone.backup.contents import Wanted, payload_path
from jianbao_standalone.doctor import folder, ports
from jianbao_standalone.doctor import judging_database as database_judge
from jianbao_standalone.doctor import judging_folder as folder_judge
from jianbao_standalone.doctor import judging_processes as process_judge
from jianbao_standalone.doctor.checks import CHECKS
from jianbao_standalone.doctor.examination import Patient, examine
from jianbao_standalone.doctor.findings import Finding, Level, ok
from jianbao_standalone.doctor.versions import judge_layouts
from jianbao_streaming.sqlite import DATABASE

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    return filled_folder(tmp_path / "data")


def look(data: Path, *, thorough: bool = False, now: datetime | None = None) -> list[Finding]:
    return list(examine(Patient(data, now or datetime.now(UTC), thorough=thorough), CHECKS))


def problems(findings: Sequence[Finding]) -> dict[str, str]:
    return {finding.check: finding.what for finding in findings if finding.level is Level.PROBLEM}


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "jianbao_standalone", "doctor", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60)


def everything_below(top: Path) -> dict[str, tuple[int, float, int]]:
    return {
        path.relative_to(top).as_posix(): ((told := path.stat()).st_size, told.st_mtime, told.st_mode)
        for path in top.rglob("*")
    }


def test_a_healthy_running_jianbao_ends_with_0_and_quickly(jianbao: Running) -> None:
    def healthy() -> tuple[list[dict[str, str]], float] | None:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = command("--data", jianbao.data, "--json")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        wrong = [finding for finding in found if finding["level"] == "problem"]
        assert done.returncode == (1 if wrong else 0)
        others = [finding for finding in wrong if finding["check"] != "dead letters"]  # other tests make some
        took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return None if others else (found, took)

    found, took = until(healthy, "all processes to have started", 90)
    answering = [told for told in found if told["check"] == "processes" and "answers" in told["what"]]
    assert len(answering) == 7
    assert took < 3, "seconds of processor time"


def test_what_is_wrong_says_what_it_means_and_what_to_do(tmp_path: Path) -> None:
    done = command("--data", tmp_path / "mistyped")
    assert done.returncode == 1
    assert "problem folder:" in done.stdout
    assert "→ ls -ld" in done.stdout
    assert "1 problems" in done.stderr


@pytest.mark.parametrize("there", [True, False], ids=["an empty mount point", "nothing"])
def test_of_a_folder_that_is_not_there_it_says_only_that(tmp_path: Path, there: bool) -> None:
    """A disk that is not mounted: to start over it would make a second, empty Jianbao."""
    if there:
        (tmp_path / "disk").mkdir()
    done = command("--data", tmp_path / "disk", "--json")
    assert done.returncode == 1
    assert [json.loads(line)["check"] for line in done.stdout.splitlines()] == ["folder"]
    assert "jianbao up" not in done.stdout


def test_it_changes_nothing_in_a_stopped_folder(filled: Filled) -> None:
    before = everything_below(filled.data)
    look(filled.data, thorough=True)
    assert everything_below(filled.data) == before


@pytest.mark.parametrize("content", [b"", b"no database" * 10_000, None], ids=["empty", "something else", "missing"])
def test_a_database_that_is_none_is_told_and_every_other_check_still_speaks(
    filled: Filled, content: bytes | None
) -> None:
    database = filled.data / DATABASE
    database.unlink()
    if content is not None:
        database.write_bytes(content)
    findings = look(filled.data)
    told = problems(findings)
    assert "integrity" in told or "folder" in told
    assert any("jianbao restore BACKUP" in finding.do for finding in findings)
    assert {finding.check for finding in findings} >= {"processes", "disk", "versions", "keys", "leftovers"}
    assert not any("could not be looked at" in finding.what for finding in findings)


def test_pages_that_were_overwritten_and_a_file_cut_off_are_told(filled: Filled) -> None:
    push_into(filled.data, "three", range(3000))
    database = filled.data / DATABASE
    whole = database.read_bytes()
    database.write_bytes(whole[: 20 * 4096] + os.urandom(60 * 4096) + whole[80 * 4096 :])
    assert "damaged" in problems(look(filled.data))["integrity"]
    database.write_bytes(whole[: len(whole) // 2])
    assert "cut off" in problems(look(filled.data))["integrity"]


def test_a_read_only_disk_keeps_it_from_nothing(filled: Filled) -> None:
    for path in (filled.data, *filled.data.rglob("*")):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        findings = look(filled.data)
    finally:
        for path in (filled.data, *filled.data.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert not any("could not be looked at" in finding.what for finding in findings)
    assert any(finding.check == "integrity" and finding.level is Level.OK for finding in findings)


def test_a_check_that_fails_or_hangs_is_a_finding_and_hinders_no_other() -> None:
    release = threading.Event()

    def failing(_patient: Patient) -> list[Finding]:
        raise OSError("the disk is on fire")

    def hanging(_patient: Patient) -> list[Finding]:
        release.wait()
        return []

    checks = (("failing", failing), ("hanging", hanging), ("well", lambda _patient: [ok("well", "fine")]))
    found = list(examine(Patient(Path("x"), NOW), checks, limit_s=0.2))
    release.set()
    assert [finding.check for finding in found] == ["failing", "hanging", "well"]
    assert "the disk is on fire" in found[0].what
    assert "within" in found[1].what
    assert found[2].level is Level.OK


def test_a_large_database_is_left_after_its_time_and_read_through_on_demand(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jianbao_standalone.doctor.database.QUICK_S", 0.0)
    monkeypatch.setattr("jianbao_standalone.backup.snapshot.damage", slow_damage)
    (found,) = [finding for finding in look(filled.data) if finding.check == "integrity"]
    assert found.level is Level.NOTE
    assert "--thorough" in found.do


def slow_damage(connection: apsw.Connection, *, thorough: bool = True) -> None:
    list(connection.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"))


def test_records_that_wait_are_told_with_how_long(filled: Filled) -> None:
    waiting = [finding for finding in look(filled.data) if finding.check == "lag"]
    assert any("22 records" in finding.what or "21 records" in finding.what for finding in waiting)
    late = database_judge.Waiting("normalize", "bulletins.raw", 3, NOW - timedelta(minutes=5))
    soon = database_judge.Waiting("normalize", "bulletins.raw", 3, NOW - timedelta(seconds=1))
    assert [f.level for f in database_judge.judge_lag([late, soon], NOW, "data", served=True)] == [
        Level.PROBLEM,
        Level.OK,
    ]
    assert [f.level for f in database_judge.judge_lag([late], NOW, "data", served=False)] == [Level.NOTE]


def test_dead_letters_are_a_problem_where_their_office_can_do_nothing() -> None:
    found = {f.what: f for f in database_judge.judge_dead_letters({"not_text": 3, "internal_error": 1}, "data")}
    assert found["3 open with code not_text"].level is Level.NOTE
    assert found["1 open with code internal_error"].level is Level.PROBLEM
    assert "dlq replay --code internal_error" in found["1 open with code internal_error"].do


def test_a_clock_that_stands_before_the_records_or_before_this_program_is_told(filled: Filled) -> None:
    assert database_judge.judge_clock(NOW, NOW).level is Level.OK
    assert database_judge.judge_clock(NOW + timedelta(hours=3), NOW).level is Level.PROBLEM
    assert database_judge.judge_clock(None, datetime(1970, 1, 2, tzinfo=UTC)).level is Level.PROBLEM
    assert "clock" in problems(look(filled.data, now=datetime.now(UTC) - timedelta(days=2)))


def test_the_age_of_the_last_backup_is_known_and_judged(filled: Filled, tmp_path: Path) -> None:
    def level(now: datetime) -> Level:
        (found,) = [finding for finding in look(filled.data, now=now) if finding.check == "backup"]
        return found.level

    now = datetime.now(UTC)
    assert level(now) is Level.NOTE, "there is none yet"
    assert level(now + timedelta(days=60)) is Level.PROBLEM
    making.make(Wanted(filled.data, tmp_path / "to"), lambda _line: None)
    assert level(now + timedelta(days=1)) is Level.OK
    assert level(now + timedelta(days=10)) is Level.NOTE
    assert level(now + timedelta(days=60)) is Level.PROBLEM


def test_a_disk_is_judged_by_its_room_kind_and_whether_it_can_be_written() -> None:
    def levels(disk: folder_judge.Disk) -> set[Level]:
        return {finding.level for finding in folder_judge.judge_disk(disk, "data")}

    good = folder_judge.Disk(100 * 2**30, "ext4", read_only=False, writable=True)
    assert levels(good) == {Level.OK}
    assert levels(folder_judge.Disk(500 * 2**20, "ext4", read_only=False, writable=True)) == {Level.NOTE}
    assert levels(folder_judge.Disk(2**20, "ext4", read_only=False, writable=True)) == {Level.PROBLEM}
    assert Level.PROBLEM in levels(folder_judge.Disk(100 * 2**30, "nfs4", read_only=False, writable=True))
    assert Level.PROBLEM in levels(folder_judge.Disk(100 * 2**30, "ext4", read_only=True, writable=True))
    assert Level.PROBLEM in levels(folder_judge.Disk(100 * 2**30, "ext4", read_only=False, writable=False))


def test_the_kind_of_file_system_is_that_of_the_innermost_mount(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    inner = str(tmp_path / "a b").replace(" ", "\\040")
    mounts.write_text(f"disk / ext4 rw 0 0\nserver {inner} nfs4 rw 0 0\n", "utf-8")
    monkeypatch.setattr(folder, "MOUNTS", mounts)
    (tmp_path / "a b" / "data").mkdir(parents=True)
    assert any("network drive (nfs4)" in finding.what for finding in look(tmp_path / "a b" / "data"))
    assert not any("network drive" in finding.what for finding in look(tmp_path))


def test_keys_that_others_can_read_are_told_with_the_command_that_closes_them(filled: Filled) -> None:
    (filled.data / "keys" / "one.key").chmod(0o644)
    (found,) = [finding for finding in look(filled.data) if finding.check == "keys"]
    assert found.level is Level.PROBLEM
    subprocess.run(found.do, shell=True, check=True)
    assert "keys" not in problems(look(filled.data))


def test_leftovers_are_told_once_they_are_old_and_an_unfinished_restore_at_once(filled: Filled, tmp_path: Path) -> None:
    new = (filled.data / payload_path(filled.payload)).parent / "new-xyz"
    new.write_bytes(b"x")
    assert [f.level for f in look(filled.data) if f.check == "leftovers"] == [Level.OK]
    later = datetime.now(UTC) + timedelta(hours=2)
    (found,) = [finding for finding in look(filled.data, now=later) if finding.check == "leftovers"]
    assert found.level is Level.NOTE
    assert str(new) in found.do
    backup, manifest = making.make(Wanted(filled.data, tmp_path / "to"), lambda _line: None)
    restoring.prepare(backup, manifest, filled.data)
    assert "restore is not finished" in problems(look(filled.data))["leftovers"]
    restoring.carry_out(filled.data)
    noted = [finding for finding in look(filled.data) if finding.check == "sizes" and finding.level is Level.NOTE]
    assert "before-restore-" in noted[0].what


def test_tables_of_another_version_are_told() -> None:
    assert [f.level for f in judge_layouts({"log": 2}, {"log": 2}, "data")] == [Level.OK]
    assert [f.level for f in judge_layouts({"log": 3}, {"log": 2}, "data")] == [Level.PROBLEM]
    assert [f.level for f in judge_layouts({"log": 1}, {"log": 2}, "data")] == [Level.NOTE]


def scene(*children: process_judge.Seen, supervisor: int | None = 1, ended_well: bool = True) -> list[Finding]:
    seen = process_judge.Scene("data", process_judge.Seen("supervisor", supervisor), children, {"a": 2}, ended_well)
    return list(process_judge.judge(seen))


def test_processes_are_judged_by_whether_they_live_answer_and_are_supervised() -> None:
    def one(child: process_judge.Seen) -> Finding:
        return scene(child)[1]

    assert (
        one(process_judge.Seen("a", 5, 90.0, 2**20)).what == "a answers (process 5, up 90 s, 1 MiB, restarted 2 times)"
    )
    assert "does not run" in one(process_judge.Seen("a", None)).what
    assert one(process_judge.Seen("a", 5, stopped=True)).do == "kill -CONT 5"
    assert "does not answer" in one(process_judge.Seen("a", 5, answers=False)).what
    assert "waits: disk full" in one(process_judge.Seen("a", 5, waits_for="disk full")).what
    assert "before this program was installed" in one(process_judge.Seen("a", 5, older_program=True)).what
    assert [f.level for f in scene(supervisor=None)] == [Level.NOTE]
    assert [f.level for f in scene(supervisor=None, ended_well=False)] == [Level.PROBLEM]
    (alone,) = scene(process_judge.Seen("a", 5), supervisor=None)
    assert "without a supervisor" in alone.what
    assert "kill 5" in alone.do


def test_a_port_that_another_program_has_taken_is_told_with_its_name(filled: Filled) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = json.dumps({"pid": 2**22 - 1, "host": "127.0.0.1", "port": port})
        (filled.data / "run" / "ingest-api.json").write_text(told, "utf-8")
        (found,) = list(ports.check_ports(Patient(filled.data, NOW)))
    assert f"port {port}" in found.what
    assert str(os.getpid()) in found.what


def test_half_stopped_processes_are_told_as_they_are(tmp_path: Path) -> None:
    with running(tmp_path / "data") as jianbao:
        supervisor = jianbao.process.pid
        os.kill(supervisor, signal.SIGSTOP)
        try:
            os.kill(jianbao.told("extract")["pid"], signal.SIGKILL)
            os.kill(jianbao.told("normalize")["pid"], signal.SIGSTOP)
            told = until(lambda: three_told(jianbao.data), "all three to be told", 20)
        finally:
            os.kill(jianbao.told("normalize")["pid"], signal.SIGCONT)
            os.kill(supervisor, signal.SIGCONT)
    assert f"supervisor (process {supervisor}) is stopped by a signal" in told
    assert "extract does not run" in told


def three_told(data: Path) -> str | None:
    told = command("--data", data)
    assert told.returncode == 1
    wanted = ("extract does not run", "normalize (process", "supervisor (process")
    return told.stdout if all(part in told.stdout for part in wanted) else None
