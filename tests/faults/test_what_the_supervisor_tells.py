"""The supervisor's words: with their time, kept in a file, of a life's own last word, and none of what is long gone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from log_engines import record, sqlite_engine
from running import until

from jianbao_standalone.addresses import read_address
from jianbao_standalone.cli.options import whereabouts
from jianbao_standalone.clients import SearchClient
from jianbao_standalone.supervisor import logs
from jianbao_standalone.supervisor import supervisor as supervisor_module
from jianbao_standalone.supervisor.jobs import Job, Jobs
from jianbao_standalone.supervisor.journal import Journal
from jianbao_standalone.supervisor.processes import ProcessSpec
from jianbao_standalone.supervisor.supervisor import Interlude, Supervisor
from jianbao_streaming import FatalError, LogUnavailableError
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.outcomes import DamagedError
from jianbao_streaming.process import announce

BROKEN_PROBE = """\
----------------------------------------
Exception occurred during processing of request from ('127.0.0.1', 40000)
Traceback (most recent call last):
  File "socketserver.py", line 692, in process_request_thread
BrokenPipeError: [Errno 32] Broken pipe
----------------------------------------
"""


def test_every_line_has_its_time_and_stands_in_the_log_file_too(tmp_path: Path) -> None:
    shown: list[str] = []
    journal = Journal(tmp_path / "logs", shown.append)
    journal.tell("one")
    journal.tell("two")
    assert (tmp_path / "logs" / "supervisor.log").read_text("utf-8").splitlines() == shown
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} one", shown[0])


def test_a_log_that_grew_large_is_put_aside_and_started_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_LOG_BYTES", 100)
    journal = Journal(tmp_path, lambda _: None)
    for _ in range(10):
        journal.tell("a line of thirty characters, or so")
    assert (tmp_path / "supervisor.log").stat().st_size < 300
    assert (tmp_path / "supervisor.old.log").exists()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("the disk is on fire\n", "the disk is on fire"),
        ('Traceback (most recent call last):\n  File "x"\nValueError: no such thing\n', "ValueError: no such thing"),
        (f"cannot go on\n{BROKEN_PROBE}", "cannot go on"),
        (f"{BROKEN_PROBE}cannot go on\n{BROKEN_PROBE}", "cannot go on"),
        (json.dumps({"level": "ERROR", "message": "cannot go on"}) + "\n", "cannot go on"),
        ("", "nothing"),
        ("\n \n", "nothing"),
    ],
)
def test_the_last_word_is_what_the_process_said_and_no_traceback_of_a_probe(
    tmp_path: Path, said: str, word: str
) -> None:
    (tmp_path / "x.log").write_text(f"a former life said this\n{said}", encoding="utf-8")
    assert logs.last_word(tmp_path / "x.log", len("a former life said this\n")) == word


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ({"time": "2026-11-22T12:00:00.000Z", "level": "INFO", "message": "a PDF"}, "nothing"),
        ({"time": "2026-11-22T12:02:59.000Z", "level": "INFO", "message": "a PDF"}, "a PDF"),
        ({"time": "2026-11-22T12:00:00.000Z", "level": "ERROR", "message": "no such table"}, "no such table"),
        ("2026-11-20 12:00:00.000 INFO normalize: a PDF", "nothing"),
        (["no record"], '["no record"]'),
    ],
)
def test_what_was_said_long_before_the_end_is_no_last_word_unless_it_is_an_error(
    tmp_path: Path, line: object, word: str
) -> None:
    (tmp_path / "x.log").write_text(line if isinstance(line, str) else json.dumps(line), encoding="utf-8")
    assert logs.last_word(tmp_path / "x.log", 0, lambda: datetime(2026, 11, 22, 12, 3, tzinfo=UTC)) == word


def test_no_log_is_no_word(tmp_path: Path) -> None:
    assert logs.last_word(tmp_path / "none.log", 0) == "nothing"


def ended_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_an_address_of_a_process_that_has_ended_is_none(tmp_path: Path) -> None:
    announce(tmp_path, "ingest-api", "127.0.0.1", 1)
    told = json.loads((tmp_path / "run" / "ingest-api.json").read_text())
    (tmp_path / "run" / "ingest-api.json").write_text(json.dumps({**told, "pid": ended_pid()}))
    assert read_address(tmp_path, "ingest-api") is None


def test_an_address_under_the_number_of_somebody_elses_process_is_none(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, cwd="/")
    try:
        (tmp_path / "run").mkdir()
        told = {"pid": stranger.pid, "host": "127.0.0.1", "port": 1}
        (tmp_path / "run" / "ingest-api.json").write_text(json.dumps(told))
        assert read_address(tmp_path, "ingest-api") is None
    finally:
        stranger.communicate()


@pytest.mark.parametrize("verb", [["search", "x"], ["push", "x.txt", "--office", "probe"]])
def test_push_and_search_say_at_once_that_nothing_runs(tmp_path: Path, verb: list[str]) -> None:
    open_embedded(tmp_path).close()
    (tmp_path / "x.txt").write_text("内容")
    for name in ("ingest-api", "search-api"):
        (tmp_path / "run" / f"{name}.json").write_text(json.dumps({"pid": ended_pid(), "host": "127.0.0.1", "port": 9}))
    began = time.monotonic()
    said = subprocess.run(
        [sys.executable, "-m", "jianbao_standalone", *verb, "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert said.returncode != 0
    assert f"jianbao up --data {tmp_path}" in said.stderr
    assert time.monotonic() - began < 30


@contextmanager
def living_supervisor(data: Path) -> Iterator[int]:
    """Yield the id of a process that passes for `jianbao up` over a folder."""
    up = subprocess.Popen([sys.executable, "-c", "input() # jianbao"], stdin=subprocess.PIPE)
    try:
        announced(data, "supervisor", up.pid, 9)
        yield up.pid
    finally:
        up.communicate()


def announced(data: Path, name: str, pid: int, port: int) -> None:
    (data / "run").mkdir(parents=True, exist_ok=True)
    (data / "run" / f"{name}.json").write_text(json.dumps({"pid": pid, "host": "127.0.0.1", "port": port}))


class Found(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"hits": [], "total": 0}')


def test_a_process_that_a_living_supervisor_restarts_is_waited_for(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Found)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told: list[str] = []
    with living_supervisor(tmp_path) as pid:

        def come_back(line: str) -> None:
            told.append(line)
            announced(tmp_path, "search-api", pid, server.server_address[1])

        announced(tmp_path, "search-api", ended_pid(), 9)
        with SearchClient(whereabouts(tmp_path, None, "search-api"), told=come_back) as client:
            assert client.search("x")["total"] == 0
    server.shutdown()
    server.server_close()
    assert told == ["waiting up to 60 s: search-api is being restarted"]


IDLE = "import time\nwhile True: time.sleep(0.1)"


def run_for(supervisor: Supervisor, until_told: Callable[[], object], stopping: threading.Event) -> None:
    """Run a supervisor in this thread until something has happened."""

    def wait() -> None:
        try:
            until(lambda: until_told() or None, "what the supervisor should do", 60)
        finally:
            stopping.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    try:
        supervisor.run(stopping, lambda _: None)
    finally:
        waiting.join()


def test_for_a_restore_everything_stops_and_starts_again_behind_it(tmp_path: Path) -> None:
    (tmp_path / "idle.py").write_text(IDLE, encoding="utf-8")
    spec = ProcessSpec("idle", "idle", environment={"PYTHONPATH": str(tmp_path)})
    told: list[str] = []
    wanted = [False]
    pids: list[int | None] = []

    def act() -> str:
        assert not child.running, "it still runs"
        pids.append(child.pid)
        wanted[0] = False
        return "restored from BACKUP"

    interlude = Interlude("a restore is wanted", lambda: wanted[0], act)
    stopping = threading.Event()
    supervisor = Supervisor(tmp_path / "data", [spec], told.append, interlude=interlude)
    child = supervisor._children[0]

    def steps() -> bool:
        if child.pid and not pids:
            pids.append(child.pid)
            wanted[0] = True
        return len(pids) == 2 and child.pid not in (None, pids[0])

    run_for(supervisor, steps, stopping)
    assert told == [
        "a restore is wanted: all services stop for it, and start again behind it",
        "restored from BACKUP",
    ]


def test_a_restore_that_is_stuck_stops_everything_and_says_so(tmp_path: Path) -> None:
    def act() -> str:
        raise FatalError("the restore is not finished: mend that")

    supervisor = Supervisor(tmp_path, [], [].append, interlude=Interlude("a restore", lambda: True, act))
    with pytest.raises(FatalError, match="mend that"):
        supervisor.run(threading.Event(), lambda _: None)


def test_a_process_that_met_damage_is_not_started_again_and_its_word_is_passed_on(tmp_path: Path) -> None:
    code = f"import sys; print('the file is damaged: restore it'); sys.exit({DamagedError.exit_code})"
    (tmp_path / "hurt.py").write_text(code, encoding="utf-8")
    (tmp_path / "idle.py").write_text(IDLE, encoding="utf-8")
    specs = [ProcessSpec(name, name, environment={"PYTHONPATH": str(tmp_path)}) for name in ("hurt", "idle")]
    supervisor = Supervisor(tmp_path / "data", specs, [].append)
    with pytest.raises(DamagedError, match="hurt stopped everything: the file is damaged: restore it"):
        supervisor.run(threading.Event(), lambda _: None)
    assert not supervisor._children[1].running


WRONG = "import sys; print('probe cannot start: JIANBAO_X is \\'abc\\'; set it to off'); sys.exit(2)"

TOLD = """
import sys, time
from pathlib import Path
from jianbao_streaming.process import announce
end = Path(sys.argv[1], "end")
if not end.exists(): announce(end.parent, "probe", "127.0.0.1", 9)
while not end.exists(): time.sleep(0.02)
sys.exit(2)
"""


def test_a_wrong_setting_is_told_once_in_the_process_s_own_words_and_nothing_is_started(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    (tmp_path / "idle.py").write_text(IDLE, encoding="utf-8")
    idle = ProcessSpec("idle", "idle", environment={"PYTHONPATH": str(tmp_path)})
    wrong = ProcessSpec("probe", "wrong", environment={"PYTHONPATH": str(tmp_path)})
    told: list[str] = []
    supervisor = Supervisor(tmp_path / "data", [idle, wrong], told.append)
    with pytest.raises(
        FatalError, match=r"^probe cannot start: JIANBAO_X is 'abc'; set it to off. Nothing runs"
    ) as met:
        supervisor.run(threading.Event(), lambda _: None)
    assert met.value.exit_code == 1
    assert told == []
    assert not supervisor._children[0].running


def test_a_process_that_finds_its_settings_wrong_only_later_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "LONGEST_PAUSE_S", 0.1)
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "later_jianbao.py").write_text(TOLD, encoding="utf-8")
    spec = ProcessSpec("probe", "later_jianbao", (str(data),), {"PYTHONPATH": str(tmp_path)})
    told: list[str] = []
    supervisor = Supervisor(data, [spec], told.append)
    lives: set[int] = set()

    def steps() -> bool:
        if supervisor._ready and not (data / "end").exists():
            (data / "end").touch()
        if pid := supervisor._children[0].pid:
            lives.add(pid)
        return len(lives) >= 4

    run_for(supervisor, steps, threading.Event())
    said = [line for line in told if "cannot start again" in line]
    assert len(said) == 1
    assert "probe cannot start again: it said nothing about it. All other services go on" in said[0]


def test_a_killed_process_is_told_as_killed_as_started_again_and_as_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "later_jianbao.py").write_text(TOLD, encoding="utf-8")
    spec = ProcessSpec("probe", "later_jianbao", (str(data),), {"PYTHONPATH": str(tmp_path)})
    told: list[str] = []
    supervisor = Supervisor(data, [spec], told.append)
    killed: list[int] = []

    def steps() -> bool:
        pid = supervisor._children[0].pid
        if supervisor._ready and pid and not killed:
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)
        return any(" is back after " in line for line in told)

    run_for(supervisor, steps, threading.Event())
    assert told[0] == (
        "probe ended: killed by SIGKILL, and not by this supervisor; it said nothing about it; it is started again"
    )
    assert re.fullmatch(r"probe is back after \d+\.\d s", told[1])


def test_a_job_that_fails_is_told_and_tried_again_and_one_that_meets_damage_stops_everything() -> None:
    told: list[str] = []
    came = iter([LogUnavailableError("disk full"), None, DamagedError("rotten")])

    def act(_: Callable[[], bool]) -> str | None:
        error = next(came, None)
        if error is not None:
            raise error
        return "done"

    jobs = Jobs([Job("the work", act, 0.0, 0.0)], told.append)

    def rounds() -> bool:
        jobs.round()
        return False

    with pytest.raises(DamagedError, match="rotten"):
        until(rounds, "the end of the job")
    jobs.stop()
    assert told == ["the work could not be done, and is tried again: disk full", "done"]


def test_a_job_is_asked_to_end_before_everything_stops() -> None:
    began, ended = threading.Event(), threading.Event()

    def act(wanted: Callable[[], bool]) -> str | None:
        began.set()
        while wanted():
            time.sleep(0.001)
        ended.set()
        return None

    jobs = Jobs([Job("long work", act, None, 0.0)], [].append)
    jobs.round()
    jobs.round()
    began.wait(10)
    jobs.stop()
    assert ended.is_set()


def test_a_member_that_stands_by_says_for_whom_and_says_it_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = sqlite_engine(tmp_path)
    engine.log().append([record("t", "k")])
    with engine.worker("hold", "g", "t") as active:
        assert active.stdout
        assert active.stdout.readline() == "holding 1\n"
        member = engine.log().join("g", ["t"])
        with caplog.at_level("INFO"):
            for _ in range(3):
                assert member.poll(1, 0.0) == ()
        assert caplog.text.count(f"g: process {active.pid} is active; standing by until it ends") == 1
        member.close()


@pytest.mark.timeout(120)
def test_kill_9_of_a_parent_leaves_none_of_its_children(tmp_path: Path) -> None:
    """What `jianbao demo` does with `jianbao up`, and `up` with its services."""
    code = (
        "import subprocess, sys\n"
        "from jianbao_standalone.supervisor.child import dying_with_parent\n"
        "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE, preexec_fn=dying_with_parent())\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.readline()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    until(lambda: not Path(f"/proc/{child}/exe").exists() or None, "the child to end with its parent", 10)
