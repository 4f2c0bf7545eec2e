"""The socket and the HTTP server on it."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from jianbao_streaming import FatalError

GRACE_S = 10
"""How long requests in flight may take to finish once the process is asked to stop."""

LONGEST_HEAD = 64 * 1024
"""Bytes of a request's first line and headers: every parameter at its longest, percent-encoded, takes 25 KiB."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 is any free one. Raises FatalError with one clear line."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of a past server may linger
            listening.bind(address)
            listening.listen(1024)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise FatalError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another port (JIANBAO_INGEST_PORT, 0 for any)"
        ) from error
    return listening


class Server(uvicorn.Server):
    """Uvicorn on a socket of ours. `accepting` is called once requests are really answered."""

    def __init__(self, app: FastAPI, accepting: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",  # lets go of the rest of a body that was refused, so that the client reads the answer
                h11_max_incomplete_event_size=LONGEST_HEAD,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._accepting = accepting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start answering, then say so."""
        await super().startup(sockets)
        if self.started:
            self._accepting()

    def serve_until_stopped(self, listening: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT, and finish the requests in flight. Call from the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)  # uvicorn raises a signal again once it has stopped: that was all
        self.run([listening])
