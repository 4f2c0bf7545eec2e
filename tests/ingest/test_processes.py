"""The two processes as they are started for real: sockets, limits on streams, kill -9, and stopping."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from jianbao_contracts import Office, OfficeKey, RawPush, topics
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.events import office_record, parse

KEY = {"Authorization": "Bearer k"}
MIB = 1024 * 1024


def until(condition: Callable[[], object], seconds: float = 30.0) -> object:
    """What the condition gives once it gives something; it is another process's, so it can only be asked again."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return found


class Process:
    """One process of ingest over a data folder."""

    def __init__(self, data: Path, what: str) -> None:
        environment = os.environ | {"JIANBAO_DATA": str(data), "JIANBAO_INGEST_PORT": "0", "JIANBAO_HEALTH_PORT": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jianbao_ingest", what], env=environment, stderr=subprocess.PIPE, text=True
        )
        where = data / "run" / f"ingest-{what}.json"

        def announced() -> dict[str, int] | None:
            assert self.process.poll() is None, self.process.stderr.read()
            told = json.loads(where.read_text()) if where.exists() else {}
            return told if told.get("pid") == self.process.pid else None

        told = until(announced)
        self.address = (told["host"], told["port"])
        self.url = f"http://{told['host']}:{told['port']}"

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.said = self.process.communicate(timeout=30)[1]
        return self.process.returncode


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data folder"
    engine = open_embedded(folder)
    now = datetime.now(UTC)
    key = OfficeKey(sha256=hashlib.sha256(b"k").hexdigest(), created_at=now)
    engine.log.append([office_record(Office(office="hubei-wmb", name="湖北", keys=[key], changed_at=now))])
    engine.close()
    return folder


@pytest.fixture
def start(data: Path) -> Iterator[Callable[[str], Process]]:
    started: list[Process] = []

    def start_one(what: str) -> Process:
        started.append(Process(data, what))
        return started[-1]

    yield start_one
    for each in started:
        each.stop(signal.SIGKILL)


def raw_pushes(data: Path) -> list[RawPush]:
    engine = open_embedded(data)
    reader = engine.log.reader([topics.RAW])
    found: list[RawPush] = []
    while batch := reader.poll(500, 0):
        found += [parse(record, RawPush) for record in batch]
    reader.close()
    engine.close()
    return found


def request(process: Process, head: str) -> socket.socket:
    connection = socket.create_connection(process.address, timeout=30)
    connection.sendall(f"{head}\r\nHost: x\r\nAuthorization: Bearer k\r\n".encode())
    return connection


def answer_of(connection: socket.socket) -> tuple[int, dict[str, object]]:
    head, _, body = b"", b"", b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(65536)
    head, _, body = head.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split()[1]), json.loads(body)


def test_it_serves_on_any_free_port_and_stops_with_exit_code_0(start):
    api = start("api")
    assert api.address[1] != 0
    assert httpx.get(f"{api.url}/health/live").status_code == 200
    longest = {"document_id": "𠮷" * 500, "source": "𠮷" * 1000, "title": "𠮷" * 500}
    assert httpx.post(f"{api.url}/v1/bulletins", params=longest, content=b"x", headers=KEY).status_code == 202
    assert api.stop() == 0
    assert "Traceback" not in api.said


@pytest.mark.parametrize(
    ("environment", "arguments", "code", "said"),
    [
        ({"JIANBAO_INGEST_PORT": "BUSY"}, ["api"], 1, "cannot listen on 127.0.0.1:BUSY"),
        ({"JIANBAO_INGEST_HOST": "no.such.host.invalid"}, ["api"], 1, "cannot listen on no.such.host.invalid"),
        ({"JIANBAO_INGEST_PORT": "many"}, ["api"], 2, "JIANBAO_INGEST_PORT"),
        ({"JIANBAO_DATA": __file__}, ["api"], 1, __file__),
        ({"JIANBAO_DATA": None}, ["receipts"], 2, "JIANBAO_DATA"),
        ({}, [], 2, "usage"),
        ({}, ["nonsense"], 2, "usage"),
    ],
)
def test_what_it_cannot_start_with_is_said_in_one_line(data, environment, arguments, code, said):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        wanted = {"JIANBAO_DATA": str(data), "JIANBAO_INGEST_PORT": "0"} | environment
        variables = {k: v.replace("BUSY", port) for k, v in wanted.items() if v is not None}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JIANBAO_")}
        command = [sys.executable, "-m", "jianbao_ingest", *arguments]
        done = subprocess.run(command, env=inherited | variables, capture_output=True, text=True, timeout=60)
    assert done.returncode == code
    assert said.replace("BUSY", port) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_too_large_is_answered_before_the_body_was_sent(start, data):
    api = start("api")
    declared = request(api, "POST /v1/bulletins HTTP/1.1")
    declared.sendall(b"Content-Length: 60000000\r\n\r\n")
    for status, told in (answer_of(declared), answer_of_chunked(api)):
        assert (status, told["code"]) == (413, "too_large")
    with httpx.Client(base_url=api.url, headers=KEY, timeout=60) as client:
        whole = client.post("/v1/bulletins", content=bytes(60_000_000))
        assert (whole.status_code, whole.json()["code"]) == (413, "too_large")
        assert client.post("/v1/bulletins", content=bytes(50 * MIB)).status_code == 202
    (raw,) = raw_pushes(data)
    engine = open_embedded(data)
    assert engine.payloads.get(raw.dataref) == bytes(50 * MIB)
    engine.close()


def answer_of_chunked(api: Process) -> tuple[int, dict[str, object]]:
    """The answer to a chunked body that passes the limit and has no end."""
    endless = request(api, "POST /v1/bulletins HTTP/1.1")
    endless.sendall(b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(51):
        endless.sendall(b"100000\r\n" + bytes(MIB) + b"\r\n")
    return answer_of(endless)


def test_a_client_that_leaves_in_the_middle_of_its_body_leaves_nothing(start, data):
    api = start("api")
    leaving = request(api, "POST /v1/bulletins HTTP/1.1")
    leaving.sendall(b"Content-Length: 100\r\n\r\nhalf of it")
    leaving.close()
    assert httpx.post(f"{api.url}/v1/bulletins", content=b"whole", headers=KEY).status_code == 202
    assert api.stop() == 0
    assert [raw.content for raw in raw_pushes(data)] == [b"whole"]
    assert "Traceback" not in api.said


def test_a_request_in_flight_is_finished_before_the_process_stops(start, data):
    api = start("api")
    slow = request(api, "POST /v1/bulletins HTTP/1.1")
    slow.sendall(b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n")
    assert slow.recv(100).startswith(b"HTTP/1.1 100")  # the body is being read
    slow.sendall(b"half-")
    stopping = threading.Thread(target=api.stop)
    stopping.start()
    until(lambda: refuses_connections(api))
    slow.sendall(b"whole")
    assert answer_of(slow)[0] == 202
    stopping.join(30)
    assert api.process.returncode == 0
    assert [raw.content for raw in raw_pushes(data)] == [b"half-whole"]


def refuses_connections(process: Process) -> bool:
    try:
        socket.create_connection(process.address, timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_nothing_that_was_answered_202_is_lost_to_kill_9(start, data):
    api = start("api")
    answered: list[str] = []

    def push(number: int) -> None:
        with httpx.Client(base_url=api.url, headers=KEY, timeout=30) as client:
            for part in range(10_000):
                try:
                    answer = client.post("/v1/bulletins", content=f"{number}/{part}".encode())
                except httpx.TransportError:
                    return
                assert answer.status_code == 202
                answered.append(answer.json()["push_id"])

    with ThreadPoolExecutor(4) as pool:
        pushing = [pool.submit(push, number) for number in range(4)]
        until(lambda: len(answered) > 100)
        api.stop(signal.SIGKILL)
        for each in pushing:
            each.result()
    held = {raw.push_id for raw in raw_pushes(data)}
    assert set(answered) <= held


def test_a_receipt_is_there_right_after_the_202_and_survives_kill_9_of_its_process(start):
    api, receipts = start("api"), start("receipts")
    with httpx.Client(base_url=api.url, headers=KEY, timeout=30) as client:
        for number in range(20):
            push = client.post("/v1/bulletins", content=str(number).encode()).json()
            answer = client.get(push["receipt"])
            assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
        receipts.stop(signal.SIGKILL)
        last = client.post("/v1/bulletins", content=b"while it was down").json()
        again = start("receipts")
        assert client.get(last["receipt"]).json()["state"] == "accepted"
        assert len(client.get("/v1/receipts").json()["receipts"]) == 21
        assert again.stop() == 0
