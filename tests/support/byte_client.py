"""A client of one connection that sends what it is told to, byte by byte, be it HTTP or not."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from typing import Any

PATIENCE_S = 20.0


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json"
        return dict(json.loads(self.body))


class ByteClient:
    """One connection, byte by byte."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE_S)

    def send(self, *lines: str, body: bytes = b"") -> ByteClient:
        """Send lines, each ended, then bytes."""
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode() + body)
        return self

    def answer(self, method: str = "GET") -> Answer:
        response = http.client.HTTPResponse(self.socket, method=method)
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())

    def is_closed(self) -> bool:
        """Whether the server ends the connection without a word; waits for it."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
