"""A port that another program has: at the start, and taken while Jianbao runs."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest
from running import until

from faults import up_to_its_end
from jianbao_standalone.cli import up
from jianbao_standalone.supervisor.child import Child
from jianbao_standalone.supervisor.port_owner import owner_of
from jianbao_standalone.supervisor.processes import ProcessSpec
from jianbao_standalone.supervisor.supervisor import Supervisor

SERVER = """
import os, socket, sys, threading
from pathlib import Path
from jianbao_streaming.process import announce
name, port = sys.argv[1], int(os.environ.get("A_PORT", 0))
listening = socket.create_server(("127.0.0.1", port), reuse_port=False)
answer = b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n"
announce(Path(os.environ["JIANBAO_DATA"]), name, "127.0.0.1", listening.getsockname()[1])
while True:
    taken, _ = listening.accept()
    taken.recv(65536)
    taken.sendall(answer)
    taken.close()
"""


def test_a_usual_port_that_is_taken_gives_way_and_the_reason_names_who_has_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        chosen, reason = up._port(None, port, "--ingest-port")
        assert chosen == 0
        assert reason is not None
        assert reason.startswith(f"port {port} is in use by ")
        assert f"(process {os.getpid()})" in reason
    assert up._port(None, port, "--ingest-port") == (port, None)
    assert up._port(0, port, "--ingest-port") == (0, None)


def test_who_has_a_port_is_told_by_name_and_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert owner_of(port).endswith(f"(process {os.getpid()})")
    assert owner_of(port) == "another program"


def test_a_port_that_was_asked_for_is_refused_with_the_name_of_who_has_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        refused = up_to_its_end(tmp_path / "data", "--ingest-port", str(port))
    assert refused.returncode == 1
    assert f"port {port} is in use by " in refused.stderr
    assert f"(process {os.getpid()})" in refused.stderr
    assert "--ingest-port" in refused.stderr


@pytest.mark.timeout(120)
def test_a_port_taken_while_its_process_was_down_is_told_once_and_the_others_go_on(tmp_path: Path) -> None:
    """Two small servers as children: one loses its port to this test, the other must not notice."""
    (tmp_path / "jianbao_small.py").write_text(SERVER, encoding="utf-8")
    data = tmp_path / "data"
    environment = {"PYTHONPATH": str(tmp_path), "A_PORT": "0"}
    specs = [ProcessSpec(name, "jianbao_small", (name,), environment) for name in ("first", "second")]
    told: list[str] = []
    ready, stopping = threading.Event(), threading.Event()
    supervisor = Supervisor(data, specs, told.append)
    thread = threading.Thread(target=supervisor.run, args=(stopping, lambda _: ready.set()))
    thread.start()
    try:
        assert ready.wait(60)
        first, second = supervisor._children
        port, other = first.port, second.pid
        assert port
        assert first.pid
        # so that the next life waits long enough for the port to be taken
        first.restarts.early_deaths = 5
        os.kill(first.pid, 9)
        until(lambda: not first.running or None, "its end")
        with _taken(port):
            until(lambda: any("was taken meanwhile by" in line for line in told) or None, "the line", 60)
            told_by_then = len(told)
            looked = first.next_start
            until(lambda: first.next_start != looked or None, "one more look at the port")
            assert len(told) == told_by_then, "said once"
        until(lambda: first.address(), "it to be back", 60)
        assert (first.port, second.pid) == (port, other)
    finally:
        stopping.set()
        thread.join(30)
    (line,) = [line for line in told if "was taken meanwhile" in line]
    assert f"first cannot come back: its port {port} was taken meanwhile by " in line
    assert f"(process {os.getpid()})" in line
    assert "all other services go on" in line
    assert f"port {port} is free again: first is started on it" in told


def _taken(port: int) -> socket.socket:
    return until(lambda: _try(port), "the port")


def _try(port: int) -> socket.socket | None:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return None


def test_every_later_life_keeps_the_port_that_people_know(tmp_path: Path) -> None:
    child = Child(ProcessSpec("api", "x", environment={"JIANBAO_SEARCH_PORT": "0"}), tmp_path)
    assert child.port is None
    child.keep_port(4321)
    assert child.port == 4321
    child = Child(ProcessSpec("stage", "x"), tmp_path)
    child.keep_port(4321)
    assert child.port is None
