"""The offices in memory: a thread follows their compacted topic."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future
from datetime import datetime

from jianbao_ingest.domain.keys import Holder, holder_of
from jianbao_streaming import Clock, Reader
from jianbao_streaming.followed import FollowedOffices

log = logging.getLogger(__name__)

POLL_S = 0.1
"""How long a poll waits. An append wakes it earlier; this bounds how long an unknown key waits for its answer."""

PAUSE_S = 1.0
"""Between attempts to read a topic that cannot be read."""

LONGEST_WAIT_S = 2.0


class OfficeDirectory:
    """See `jianbao_ingest.ports.Offices`. What was read stays known when the log is away for a while."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._offices = FollowedOffices(reader, clock)
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._asking: list[Future[None]] = []
        self._changing = threading.Lock()
        self._thread = threading.Thread(target=self._follow, name="offices", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether the topic was read to its end at least once."""
        return self._ready.is_set()

    def holder_of(self, key: bytes, now: datetime) -> Holder | None:
        """Return who holds a key, as far as the topic was read."""
        return holder_of(key, self._offices.known.values(), now)

    def name_of(self, office: str) -> str | None:
        """Return what people call an office, or None."""
        known = self._offices.known.get(office)
        return known.name if known else None

    async def caught_up(self) -> bool:
        """Wait until a poll that began after this call found nothing more."""
        asked: Future[None] = Future()
        with self._changing:
            self._asking.append(asked)
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                await asyncio.wrap_future(asked)
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Stop following."""
        self._stopping.set()
        self._thread.join()
        self._offices.topic.close()

    def _follow(self) -> None:
        due: list[Future[None]] = []
        while not self._stopping.is_set():
            with self._changing:
                due += self._asking
                self._asking = []
            try:
                caught_up = self._offices.topic.read(POLL_S)
            except Exception:
                log.exception("cannot read the offices; going on with the %d known", len(self._offices.known))
                self._stopping.wait(PAUSE_S)
                continue
            if not caught_up:
                continue
            self._ready.set()
            for asked in due:
                if asked.set_running_or_notify_cancel():
                    asked.set_result(None)
            due = []
