"""The supervisor: one a folder, hung processes killed, ports that keep, everything stopped in the end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from running import Running, running, until

from jianbao_standalone.supervisor.policy import LONG_LIFE_S, MOST_SILENT_PROBES, RestartPolicy, SilenceWatch
from jianbao_standalone.supervisor.processes import ProcessSpec
from jianbao_standalone.supervisor.supervisor import Supervisor


def test_a_second_one_on_the_same_folder_is_refused_and_says_who_serves_it(jianbao: Running) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "jianbao_standalone", "up", "--data", str(jianbao.data)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert f"already served by process {jianbao.process.pid}" in second.stderr


def test_a_port_that_was_asked_for_and_is_busy_is_refused_and_a_usual_one_gives_way(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "jianbao_standalone",
            "up",
            "--data",
            str(tmp_path),
            "--ingest-port",
            str(port),
        ]
        refused = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert f"port {port} is in use" in refused.stderr


def test_a_stopped_owner_is_killed_and_replaced_and_work_goes_on(tmp_path: Path) -> None:
    with running(tmp_path / "data") as jianbao:
        port = jianbao.told("ingest-api")["port"]
        for name in ("normalize", "ingest-api"):
            stopped = jianbao.told(name)["pid"]
            os.kill(stopped, signal.SIGSTOP)
            until(lambda n=name, s=stopped: jianbao.told(n)["pid"] != s, f"{name} to be replaced", 60)
        assert jianbao.told("ingest-api")["port"] == port
        answer = jianbao.push("probe", "a.txt", "停顿之后的简报，内容照常处理。".encode())
        assert jianbao.final("probe", answer.json()["push_id"])["state"] == "searchable"


def test_an_index_that_is_deleted_comes_back_by_itself_though_nobody_pushes(tmp_path: Path) -> None:
    with running(tmp_path / "data") as jianbao:
        answer = jianbao.push("probe", "a.txt", "被删除的索引会自行重建，无需再推送任何简报。".encode())
        jianbao.final("probe", answer.json()["push_id"], "searchable")
        shutil.rmtree(jianbao.data / "index")
        assert jianbao.search("自行重建")["total"] == 1


def test_receipts_end_right_though_the_index_was_rebuilt_ahead_of_them(tmp_path: Path) -> None:
    with running(tmp_path / "data") as jianbao:
        first = jianbao.push("probe", "a.txt", "第一版内容，随后撤回。".encode())
        jianbao.final("probe", first.json()["push_id"], "searchable")
        indexer = jianbao.told("search-indexer")["pid"]
        os.kill(indexer, signal.SIGSTOP)
        gone = jianbao.retract("probe", first.json()["bulletin_id"])
        third = jianbao.push("probe", "a.txt", "第三版内容，重新发布。".encode())
        jianbao.final("probe", third.json()["push_id"], "extracted")
        shutil.rmtree(jianbao.data / "index")  # the next indexer rebuilds it from a log that is ahead of its offset
        os.kill(indexer, signal.SIGKILL)
        jianbao.final("probe", third.json()["push_id"], "searchable")
        assert jianbao.final("probe", first.json()["push_id"], "withdrawn")["refers_to"] == gone.json()["push_id"]
        assert jianbao.final("probe", gone.json()["push_id"], "withdrawn")["revision"] == 2


def test_a_stopped_process_of_a_killed_supervisor_keeps_nothing_from_its_successor(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as first:
        stopped = first.told("normalize")["pid"]
        os.kill(stopped, signal.SIGSTOP)
        first.process.kill()
        first.process.wait()
        with running(data) as second:
            answer = second.push("probe", "a.txt", "前一任主管进程被强行终止之后的简报。".encode())
            assert second.final("probe", answer.json()["push_id"])["state"] == "searchable"
    with pytest.raises(ProcessLookupError):
        os.kill(stopped, 0)


def test_ctrl_c_stops_every_process_and_ends_with_0(tmp_path: Path) -> None:
    with running(tmp_path / "data") as jianbao:
        pids = [
            jianbao.told(name)["pid"] for name in ("ingest-api", "normalize", "extract", "search-indexer", "search-api")
        ]
        jianbao.process.send_signal(signal.SIGINT)
        assert jianbao.process.wait(timeout=30) == 0
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


def test_it_says_why_a_process_keeps_dying_and_tries_ever_more_slowly(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise SystemExit('the disk is on fire')", encoding="utf-8")
    told: list[str] = []
    stopping = threading.Event()

    def tell(line: str) -> None:
        told.append(line)
        if "keeps dying" in line:
            stopping.set()

    spec = ProcessSpec("broken", "broken", environment={"PYTHONPATH": str(tmp_path)})
    Supervisor(tmp_path / "data", [spec], tell).run(stopping, lambda _addresses: None)
    assert "exit code 1" in told[-1]
    assert "the disk is on fire" in told[-1]


def test_pauses_double_while_a_process_dies_young_and_shrink_after_a_long_life() -> None:
    policy = RestartPolicy()
    pauses = [policy.pause_after(1.0) for _ in range(12)]
    assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
    assert pauses[-1] == 30.0
    assert policy.keeps_dying
    assert policy.pause_after(LONG_LIFE_S) == 0.2
    assert not policy.keeps_dying


def test_only_silence_in_a_row_is_a_reason_to_kill() -> None:
    watch = SilenceWatch()
    assert not any(watch.note(answered=False) for _ in range(MOST_SILENT_PROBES - 1))
    assert not watch.note(answered=True)
    assert [watch.note(answered=False) for _ in range(MOST_SILENT_PROBES)][-1]
