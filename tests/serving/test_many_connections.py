"""However many connections are held open, whoever asks is answered; also where descriptors are few."""

from __future__ import annotations

import http.client
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from byte_client import ByteClient
from hypothesis import given
from hypothesis import strategies as st
from idle_clients import HOLDING, holding
from running import until

from jianbao_serving.connections import Connections
from jianbao_serving.patience import Phase

SUPPORT = Path(__file__).resolve().parents[1] / "support"
Start = Callable[[int, int], tuple[str, int]]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Start a server in a process of its own with a soft and a hard limit of descriptors."""
    started: list[subprocess.Popen[str]] = []

    def start_one(soft: int, hard: int) -> tuple[str, int]:
        command = [sys.executable, str(SUPPORT / "small_application.py"), str(soft), str(hard)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return "127.0.0.1", int(process.stdout.readline())

    yield start_one
    for process in started:
        process.terminate()
        said = process.communicate(timeout=30)[1]
        assert process.returncode == 0
        assert "Traceback" not in said


def ask(address: tuple[str, int], method: str, path: str) -> str:
    """Ask once, with no more patience than a person has."""
    connection = http.client.HTTPConnection(*address, timeout=5)
    try:
        connection.request(method, path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@pytest.fixture(scope="module", params=[(1024, 4096), (1024, 1024)], ids=["a soft limit", "a hard limit"])
def few_descriptors(start: Start, request: pytest.FixtureRequest) -> tuple[str, int]:
    """The address of a server with 1,024 descriptors."""
    return start(*request.param)


@pytest.mark.parametrize("sent", HOLDING.values(), ids=HOLDING)
def test_with_1000_idle_connections_and_1024_descriptors_requests_are_answered(few_descriptors, sent):
    address = few_descriptors
    with holding(address, sent):
        for number in range(5):
            assert ask(address, "GET", f"/here?q={number}") == f'{{"here":"{number}"}}'


def test_at_the_limit_the_connection_that_was_idle_longest_gives_way(serve):
    served = serve(most_connections=20)
    uploading = served.connect().send("POST /count HTTP/1.1", "Host: x", "Content-Length: 6", "", body=b"abc")
    waiting = served.connect().send("POST /wait HTTP/1.1", "Host: x", "Content-Length: 0", "")
    assert served.begun.wait(20)
    idle = [served.connect() for _ in range(18)]
    until(lambda: served.server.open_connections() == 20, "all to be taken")
    assert served.get().status == 200
    assert idle[0].is_closed()
    assert served.told == ["too_many_connections"]
    assert idle[-1].send("GET /here HTTP/1.1", "Host: x", "").answer().status == 200
    assert uploading.send(body=b"def").answer("POST").body == b'{"bytes":6}'
    served.may_go_on.set()
    assert waiting.answer("POST").body == b'{"went_on":true}'


def test_where_only_uploads_are_left_the_most_silent_one_is_told_to_come_again(serve):
    served = serve(most_connections=4)
    head = ["POST /count HTTP/1.1", "Host: x", "Content-Length: 6", ""]
    uploading = [served.connect().send(*head, body=b"abc") for _ in range(4)]
    until(lambda: served.server.open_connections() == 4, "all to be taken")
    uploading[0].send(body=b"d")
    assert served.get().status == 200
    answer = next(each for each in uploading[1:] if each.socket in readable(uploading[1:])).answer("POST")
    assert (answer.status, answer.problem()["code"]) == (503, "too_many_connections")
    assert uploading[0].send(body=b"ef").answer("POST").body == b'{"bytes":6}'


def readable(clients: list[ByteClient]) -> list[object]:
    return select.select([each.socket for each in clients], [], [], 20)[0]


def test_where_everything_is_in_hand_new_ones_wait_for_their_turn(serve):
    served = serve(most_connections=2)
    busy = [served.connect().send("POST /wait HTTP/1.1", "Host: x", "Content-Length: 0", "") for _ in range(2)]
    until(lambda: served.server.open_connections() == 2 and served.begun.is_set(), "both to be in hand")
    late = served.connect().send("GET /here HTTP/1.1", "Host: x", "")
    served.may_go_on.set()
    assert [each.answer("POST").status for each in busy] == [200, 200]
    assert late.answer().status == 200


@contextmanager
def hoarding(address: tuple[str, int], seconds: float) -> Iterator[None]:
    """Let the process have no descriptor left for some time, from now on."""
    client = ByteClient(address).send(f"POST /hoard?seconds={seconds} HTTP/1.1", "Host: x", "Content-Length: 0", "")
    seen = b""
    while b"hoarded" not in seen:
        seen += client.socket.recv(1000)
    yield
    client.socket.close()


def test_without_a_descriptor_left_nobody_is_accepted_but_the_processor_rests_and_it_heals(start):
    address = start(128, 128)
    ask(address, "GET", "/here")
    spent, began = float(ask(address, "GET", "/cpu")), time.monotonic()
    with hoarding(address, 1.5):
        assert ask(address, "GET", "/here?q=late") == '{"here":"late"}'  # accepted once the descriptors are back
    assert time.monotonic() - began > 1.0
    assert float(ask(address, "GET", "/cpu")) - spent < 0.5


def test_idle_connections_give_back_descriptors_that_the_process_ran_out_of(start):
    address = start(128, 128)
    idle = [ByteClient(address) for _ in range(10)]
    ask(address, "GET", "/here")
    with hoarding(address, 4):
        assert ask(address, "GET", "/here?q=meanwhile") == '{"here":"meanwhile"}'
        assert all(each.is_closed() for each in idle)


PHASES = st.sampled_from(sorted(Phase, key=lambda phase: phase.name))


@given(st.lists(st.tuples(st.integers(0, 9), PHASES), max_size=60))
def test_the_order_of_giving_way_is_idle_first_then_silent_and_never_in_hand(moves):
    connections: Connections[int] = Connections()
    phases: dict[int, Phase] = {}
    for one, phase in moves:
        connections.place(one, phases.pop(one, phase), phase)
        phases[one] = phase  # a dict keeps the order of the last move
    assert len(connections) == len(phases)
    idle = [one for one, phase in phases.items() if phase not in (Phase.BODY, Phase.ANSWERING)]
    uploading = [one for one, phase in phases.items() if phase is Phase.BODY]
    assert connections.longest_idle() == next(iter(idle + uploading), None)
