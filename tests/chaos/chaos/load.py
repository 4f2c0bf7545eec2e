"""An even load: one push after another at a fixed rate, whatever happens to the stages behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from chaos.acts import Act
from chaos.client import Client
from chaos.traffic import Traffic

HANDS = 4
"""Connections; ingest answers in some ten milliseconds, so that these keep up with far more than one machine takes."""


class Load(threading.Thread):
    """Sends single pushes until it is told to end."""

    def __init__(self, traffic: Traffic, acts: Iterator[Act], rate: float) -> None:
        """`rate` is in pushes a second."""
        super().__init__(name="load", daemon=True)
        self._traffic = traffic
        self._acts = acts
        self._rate = rate
        self._over = threading.Event()

    def run(self) -> None:
        """Send each push at its time, or as soon as a hand is free."""
        begun, sent = time.monotonic(), 0
        clients: SimpleQueue[Client] = SimpleQueue()
        for _ in range(HANDS):
            clients.put(self._traffic.new_client())
        with ThreadPoolExecutor(HANDS) as hands:
            while not self._over.wait(max(0.0, begun + sent / self._rate - time.monotonic())):
                client = clients.get()  # no more are begun than there are hands, so that the end is the end
                hands.submit(self._send, client, next(self._acts), clients)
                sent += 1

    def _send(self, client: Client, act: Act, clients: SimpleQueue[Client]) -> None:
        self._traffic.push(client, act.pushes[0])
        clients.put(client)

    def end(self) -> None:
        """Stop, and return when all that was begun is answered."""
        self._over.set()
        self.join()
