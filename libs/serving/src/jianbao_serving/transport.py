"""A transport whose closing is decided by its connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class HeldTransport:
    """What uvicorn writes to. Its close() asks `leave`: whoever closes a socket while the client still sends takes the
    answer out of the client's hands (TCP resets the connection, and what was not read yet is lost)."""

    def __init__(self, transport: asyncio.Transport, leave: Callable[[], None]) -> None:
        self._transport = transport
        self._leave = leave
        self.left = False

    def close(self) -> None:
        """Write what is written, then close; once."""
        if not self.left:
            self.left = True
            self._leave()

    def is_closing(self) -> bool:
        """Return whether no answer may be written any more."""
        return self.left or self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Send, unless that is over."""
        if not self.left:
            self._transport.write(data)

    def pause_reading(self) -> None:
        """Read no further for now."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Return what is known of the socket."""
        return self._transport.get_extra_info(name, default)
