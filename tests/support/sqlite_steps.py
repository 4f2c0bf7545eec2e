"""Counting what SQLite does: steps of its virtual machine, which depend on rows read and written and on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import apsw


class Steps:
    """Counts over every connection that is opened while `watched` lasts."""

    def __init__(self) -> None:
        self._connections: list[apsw.Connection] = []
        self._counting = False
        self._taken = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Know of every connection that this process opens meanwhile."""
        apsw.connection_hooks.append(self._opened)
        try:
            yield
        finally:
            apsw.connection_hooks.remove(self._opened)
            self._connections.clear()

    def of(self, act: Callable[[], object]) -> int:
        """Return how many steps `act` takes, on connections that are open and on those that it opens."""
        self._taken, self._counting = 0, True
        for connection in self._connections:
            self._count_on(connection, 1)
        try:
            act()
        finally:
            self._counting = False
            for connection in self._connections:
                self._count_on(connection, 0)
        return self._taken

    def _opened(self, connection: apsw.Connection) -> None:
        self._connections.append(connection)
        if self._counting:
            self._count_on(connection, 1)

    def _count_on(self, connection: apsw.Connection, every: int) -> None:
        with suppress(apsw.ConnectionClosedError):
            connection.set_progress_handler(self._step if every else None, max(every, 1))

    def _step(self) -> bool:
        self._taken += 1
        return False
