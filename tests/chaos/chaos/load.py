"""An even load: one push after another at a fixed rate, whatever happens to the stages behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from chaos.acts import Act
from chaos.traffic import Traffic

HANDS = 4
"""Connections; ingest answers in some ten milliseconds, so that these keep up with far more than one machine takes."""


class Load(threading.Thread):
    """Sends single pushes until it is told to end."""

    def __init__(self, traffic: Callable[[], Traffic], acts: Iterator[Act], rate: float) -> None:
        """`traffic` gives a sender for one hand; `rate` is in pushes a second."""
        super().__init__(name="load", daemon=True)
        self._traffic = traffic
        self._acts = acts
        self._rate = rate
        self._over = threading.Event()

    def run(self) -> None:
        """Send each push at its time, or as soon as a hand is free."""
        begun, sent = time.monotonic(), 0
        senders = [self._traffic() for _ in range(HANDS)]
        with ThreadPoolExecutor(HANDS) as hands:
            while not self._over.wait(max(0.0, begun + sent / self._rate - time.monotonic())):
                hands.submit(senders[sent % HANDS].run, [next(self._acts)])
                sent += 1

    def end(self) -> None:
        """Stop, and return when all that was begun is answered."""
        self._over.set()
        self.join()
