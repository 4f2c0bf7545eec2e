"""A small application behind the real server, in a thread, spoken to over real sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from byte_client import PATIENCE_S, Answer, ByteClient
from small_application import application

from jianbao_serving.listening import listen
from jianbao_serving.patience import Deadlines
from jianbao_serving.server import Server


@dataclass
class Served:
    """The server, and what it told."""

    address: tuple[str, int]
    server: Server
    thread: threading.Thread
    told: list[str]
    begun: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)

    def connect(self) -> ByteClient:
        return ByteClient(self.address)

    def get(self, path: str = "/here") -> Answer:
        return self.connect().send(f"GET {path} HTTP/1.1", "Host: x", "").answer()

    def stop(self) -> None:
        self.server.stop()
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Start a server; options are those of `Server`."""
    started: list[Served] = []

    def start(**options: Any) -> Served:
        begun, may_go_on, answering = threading.Event(), threading.Event(), threading.Event()
        listening = listen("127.0.0.1", 0, "JIANBAO_TEST_PORT")
        told: list[str] = []
        server = Server(application(begun, may_go_on), answering.set, told=told.append, **options)
        thread = threading.Thread(target=server.run, args=([listening],))
        started.append(Served(listening.getsockname(), server, thread, told, begun, may_go_on))
        thread.start()
        assert answering.wait(PATIENCE_S)
        return started[-1]

    yield start
    for served in started:
        served.may_go_on.set()
        served.stop()


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    """A server as it is by default."""
    return serve()


@pytest.fixture
def hasty(serve: Callable[..., Served]) -> Served:
    """A server with little patience."""
    return serve(
        deadlines=Deadlines(waiting_s=0.3, head_s=0.3, silence_s=0.6, grace_s=0.6, slowest=1000, most_let_go=10_000_000)
    )
