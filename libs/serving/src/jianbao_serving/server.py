"""The server: uvicorn on a socket of ours, with connections of our own."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from jianbao_serving.accepting import Acceptor
from jianbao_serving.connection import LONGEST_HEAD, Connection, House
from jianbao_serving.connections import Connections
from jianbao_serving.descriptors import room_for_connections
from jianbao_serving.edge import Edge
from jianbao_serving.patience import Deadlines

GRACE_S = 10
"""How long requests in flight may take to finish once the process is asked to stop."""

MOST_CONNECTIONS = 2048
"""A connection in the middle of its head holds up to 64 KiB, so these hold 128 MiB at the very worst."""

SWEEP_TICKS = 5
"""Uvicorn ticks ten times a second; every so many ticks the deadlines are looked at."""


class Server(uvicorn.Server):
    """Serves one application on one socket.

    `accepting` is called once requests are really answered, `told` with the code of each problem that the server
    answered by itself.
    """

    def __init__(
        self,
        app: ASGIApp,
        accepting: Callable[[], None],
        *,
        most_connections: int = MOST_CONNECTIONS,
        deadlines: Deadlines | None = None,
        grace_s: int = GRACE_S,
        told: Callable[[str], None] = lambda _code: None,
    ) -> None:
        config = uvicorn.Config(
            Edge(app, told),
            http="h11",  # lets go of the rest of a body that was refused, so that the client reads the answer
            h11_max_incomplete_event_size=LONGEST_HEAD,
            interface="asgi3",
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=grace_s,
        )
        super().__init__(config)
        self._accepting = accepting
        self._most = most_connections
        self._connections: Connections[Connection] = Connections()
        self._house = House(config, self.server_state, self._connections, deadlines or Deadlines(), told)

    def serve_until_stopped(self, listening: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT, and finish the requests in flight. Call from the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)  # uvicorn raises a signal again once it has stopped: that was all
        self.run([listening])

    def stop(self) -> None:
        """Ask the server to stop; from any thread."""
        self.should_exit = True

    def open_connections(self) -> int:
        """Return how many connections are open."""
        return len(self._connections)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start answering, then say so. Connections are accepted by us: asyncio takes as many as come."""
        (listening,) = sockets or []
        self.servers = []
        await self.on_tick(0)  # the headers of every answer
        room = room_for_connections(self._most)
        self._acceptor = Acceptor(listening, room, self._connections, partial(Connection, self._house))
        self._acceptor.start()
        self.started = True
        self._accepting()

    async def on_tick(self, counter: int) -> bool:
        """End what takes too long."""
        if counter % SWEEP_TICKS == 0:
            now = asyncio.get_running_loop().time()
            for one in self._connections:
                one.look(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no new connection and finish what is in hand."""
        self._acceptor.stop()
        await super().shutdown(sockets)
