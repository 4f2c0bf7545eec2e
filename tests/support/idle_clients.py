"""Many connections that hold on to a server in each of the ways there are."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HOLDING = {
    "nothing sent": b"",
    "half a head": b"POST /count HTTP/1.1\r\nHost: x\r\nAuth",
    "no body": b"POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
    "kept alive": b"GET /here HTTP/1.1\r\nHost: x\r\n\r\n",
}


@contextmanager
def holding(address: tuple[str, int], sent: bytes, number: int = 1000) -> Iterator[list[socket.socket]]:
    """Open connections that send this and then nothing more; a whole request is answered first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, number + 512)), hard))
    with ExitStack() as stack:
        opened = []
        for _ in range(number):
            connection = stack.enter_context(socket.create_connection(address, timeout=20))
            connection.sendall(sent)
            if sent.startswith(b"GET"):
                assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            opened.append(connection)
        yield opened
