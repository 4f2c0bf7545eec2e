"""Taking connections from the listening socket, never more than there is room for."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable

from jianbao_serving.connection import Connection
from jianbao_serving.connections import Connections

log = logging.getLogger(__name__)

AT_ONCE = 64
"""Connections taken before the event loop turns to those that are there."""

REST_S = 0.05
"""How long nobody is taken when there is no room at all."""

LOG_PERIOD_S = 10.0

EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Acceptor:
    """Accepts; at the limit it closes the connection that has been idle longest. Belongs to the event loop."""

    def __init__(
        self,
        listening: socket.socket,
        most: int,
        connections: Connections[Connection],
        new: Callable[[Callable[[], None]], Connection],
    ) -> None:
        """`new` makes a connection that calls what it is given once it is among `connections`."""
        self._listening = listening
        self._most = most
        self._connections = connections
        self._new = new
        self._loop = asyncio.get_running_loop()
        self._entering: dict[socket.socket, asyncio.Task[None]] = {}
        self._rest: asyncio.TimerHandle | None = None
        self._closed_for_others = 0
        self._told_at = -LOG_PERIOD_S
        listening.setblocking(False)

    def start(self) -> None:
        """Accept from now on."""
        self._rest = None
        self._loop.add_reader(self._listening, self._accept)

    def stop(self) -> None:
        """Accept nobody any more."""
        if self._rest is not None:
            self._rest.cancel()
        self._loop.remove_reader(self._listening)

    def _accept(self) -> None:
        for _ in range(AT_ONCE):
            is_full = len(self._connections) + len(self._entering) >= self._most
            if is_full and self._connections.longest_idle() is None:
                return self._pause()
            try:
                client, _ = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return None
            except OSError as error:
                return self._not_accepted(error)
            if is_full:
                self._make_room()
            client.setblocking(False)
            self._entering[client] = self._loop.create_task(self._enter(client))
        return None

    async def _enter(self, client: socket.socket) -> None:
        def made() -> None:
            self._entering.pop(client, None)

        try:
            await self._loop.connect_accepted_socket(lambda: self._new(made), client)
        except OSError as error:
            log.info("a client left at once: %s", error)
            client.close()
            made()

    def _not_accepted(self, error: OSError) -> None:
        if error.errno in EXHAUSTED:
            for _ in range(AT_ONCE):
                self._make_room()
        else:
            log.warning("a connection could not be accepted: %s", error)
        self._pause()

    def _make_room(self) -> None:
        """Close the connection that has been idle longest, if there is one."""
        longest_idle = self._connections.longest_idle()
        if longest_idle is None:
            return
        longest_idle.make_room()
        self._closed_for_others += 1
        now = self._loop.time()
        if now - self._told_at > LOG_PERIOD_S:
            log.warning(
                "as many connections are open as there is room for (%d): %d that were idle longest were closed for "
                "others; JIANBAO_MOST_CONNECTIONS and the limit of open files (ulimit -n) say how many there may be",
                self._most,
                self._closed_for_others,
            )
            self._told_at, self._closed_for_others = now, 0

    def _pause(self) -> None:
        """Look away for a moment: the kernel would go on saying that somebody waits."""
        self._loop.remove_reader(self._listening)
        self._rest = self._loop.call_later(REST_S, self.start)
