"""A process that hangs, or takes too much memory: the supervisor kills it, says that and why, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from log_engines import record
from running import Running, running, until

from jianbao_contracts import topics
from jianbao_standalone.supervisor.child import End, Kill
from jianbao_standalone.supervisor.jobs import Jobs
from jianbao_standalone.supervisor.memory import MIB, held_bytes, killed_by_system
from jianbao_standalone.supervisor.processes import ProcessSpec
from jianbao_standalone.supervisor.report import Report
from jianbao_standalone.supervisor.supervisor import Supervisor
from jianbao_streaming import dead_letters
from jianbao_streaming.engine import open_embedded

NAMES = ("ingest-api", "normalize", "extract", "search-indexer", "ingest-receipts", "search-api")
SUPPORT = Path(__file__).parent.parent / "support"


@dataclass
class AfterTheStop:
    """What there was before every process was stopped, and what the operator was told by then."""

    jianbao: Running
    before: dict[str, int]
    push: dict[str, str]
    told: str


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AfterTheStop]:
    """All six stopped by SIGSTOP at once, with a push in hand, and all six back."""
    with running(tmp_path_factory.mktemp("stopped") / "data") as jianbao:
        before = {name: jianbao.told(name)["pid"] for name in NAMES}
        os.kill(before["extract"], signal.SIGSTOP)
        push = jianbao.push("probe", "a.txt", "各进程被停住时正在途中的简报，内容照常处理。".encode()).json()
        for pid in before.values():
            os.kill(pid, signal.SIGSTOP)
        log = jianbao.data / "logs" / "supervisor.log"
        until(lambda: all(f"{name} was killed" in log.read_text("utf-8") for name in NAMES), "six lines", 90)
        until(lambda: all(jianbao.told(name)["pid"] != before[name] for name in NAMES), "six new processes", 90)
        yield AfterTheStop(jianbao, before, push, log.read_text("utf-8"))


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", NAMES)
def test_a_stopped_process_is_killed_and_replaced_and_the_line_says_who_and_why(after: AfterTheStop, name: str) -> None:
    assert after.jianbao.told(name)["pid"] != after.before[name]
    (line,) = [line for line in after.told.splitlines() if f" {name} was killed" in line]
    assert "was killed by this supervisor: somebody stopped it (SIGSTOP or a debugger)" in line
    assert "did not answer 5 health probes in a row" in line


def test_what_was_on_its_way_arrives_once(after: AfterTheStop) -> None:
    assert after.jianbao.final("probe", after.push["push_id"])["state"] == "searchable"
    assert len(after.jianbao.records(topics.EXTRACTED)) == 1
    assert after.jianbao.search("照常处理")["total"] == 1


def test_such_kills_are_counted_as_a_metric_of_the_supervisor(after: AfterTheStop) -> None:
    metrics = after.jianbao.http.get(f"{after.jianbao.url('supervisor')}/metrics").text
    assert 'jianbao_process_ends_total{cause="stopped",process="normalize"} 1.0' in metrics
    assert "jianbao_disk_free_bytes" in metrics
    assert 'jianbao_process_memory_bytes{process="search-indexer"}' in metrics
    assert after.jianbao.http.get(f"{after.jianbao.url('supervisor')}/health/live").status_code == 200


@pytest.mark.timeout(150)
def test_a_record_that_takes_all_memory_is_set_aside_and_the_others_go_on(tmp_path: Path) -> None:
    """The real loop in a real process under the real supervisor: six lives are spent on it, as on any deadly record."""
    data = tmp_path / "data"
    engine = open_embedded(data)
    engine.log.append([record("greedy.in", "a", b"good"), record("greedy.in", "b", b"greedy")])
    engine.log.append([record("greedy.in", "c", b"good")])
    told: list[str] = []
    stopping = threading.Event()
    spec = ProcessSpec("greedy", "greedy_stage", environment={"PYTHONPATH": str(SUPPORT)})
    report = Report()

    def done() -> bool:
        return engine.log.end("greedy.out") == 2 and engine.log.end(topics.dead_letters_of("greedy")) == 1

    def watch() -> None:
        try:
            until(lambda: done() or None, "two outputs and a dead letter", 120)
        finally:
            stopping.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    Supervisor(data, [spec], told.append, jobs=Jobs([], told.append), report=report, memory_limit_mib=300).run(
        stopping, lambda _: None
    )
    watcher.join()
    assert done()
    assert all("more than the 300 MiB that a process may hold (--memory-limit)" in line for line in told), told
    assert all("jianbao dlq list" in line for line in told)
    assert len(told) == 6
    reader = engine.log.reader([topics.dead_letters_of("greedy")])
    (letter,) = reader.poll(10, 1)
    assert (letter.value, letter.header(dead_letters.CODE)) == (b"greedy", "kills_process")


def test_a_kill_by_the_system_for_lack_of_memory_is_told_apart_from_one_by_somebody() -> None:
    by_system = str(End(-9, None, True, "nothing"))
    assert by_system.startswith("was killed by the system, which ran out of memory: end other programs")
    assert str(End(-9, None, False, "nothing")).startswith("ended: killed by SIGKILL, and not by this supervisor")
    assert str(End(-9, Kill("silent", "it hung"), True, "x")) == "was killed by this supervisor: it hung"
    assert killed_by_system() >= 0


def test_memory_of_files_is_not_counted_and_what_a_process_holds_for_itself_is() -> None:
    code = (
        "import mmap, os, sys\n"
        "f = open(sys.argv[1], 'r+b'); m = mmap.mmap(f.fileno(), 0)\n"
        "sum(m[::4096]); print('mapped', flush=True); sys.stdin.readline()\n"
        "b = os.urandom(1) * (64 << 20); print('held', flush=True); sys.stdin.readline()\n"
    )
    with tempfile.NamedTemporaryFile() as file:
        file.write(bytes(64 * MIB))
        file.flush()
        process = subprocess.Popen(
            [sys.executable, "-c", code, file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin
        assert process.stdout
        try:
            assert process.stdout.readline() == "mapped\n"
            mapped = held_bytes(process.pid)
            print(file=process.stdin, flush=True)
            assert process.stdout.readline() == "held\n"
            held = held_bytes(process.pid)
        finally:
            process.kill()
            process.communicate()
    assert mapped is not None
    assert mapped < 32 * MIB
    assert held is not None
    assert held - mapped > 60 * MIB
    assert held_bytes(process.pid) is None
