"""Compacted topics kept in memory by every replica that needs them: the latest event of each key."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from jianbao_contracts import Office
from jianbao_streaming.events import parse
from jianbao_streaming.outcomes import InvalidEvent
from jianbao_streaming.ports import Clock, Reader
from jianbao_streaming.records import StoredRecord

log = logging.getLogger(__name__)

REFRESH_S = 1.0
"""A change takes effect within a second; a topic is not asked again for every record or request."""

AT_ONCE = 500


class FollowedTopic:
    """Hands every record of a topic to `take`, in order; what cannot be read as an event is logged and left out.

    `taken` is called after some were handed over.
    Follow it by `read` in a thread of its own, or by `catch_up` before each use; the latter is safe for several threads.
    """

    def __init__(
        self,
        reader: Reader,
        clock: Clock,
        take: Callable[[StoredRecord], None],
        taken: Callable[[], None] = lambda: None,
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._take = take
        self._taken = taken
        self._read_at = float("-inf")
        self._reading = threading.Lock()

    def read(self, timeout: float) -> bool:
        """Hand on what comes within `timeout` seconds; return True once nothing more had been there.

        Raises LogUnavailableError.
        """
        records = self._reader.poll(AT_ONCE, timeout)
        for record in records:
            try:
                self._take(record)
            except InvalidEvent as error:
                log.warning("%s/%s is ignored: %s", record.topic, record.offset, error)
        if records:
            self._taken()
        return not records

    def catch_up(self) -> None:
        """Hand on all that is new, unless that was done within the last second. The first call waits for everything.

        Raises LogUnavailableError.
        """
        never_read = self._read_at == float("-inf")
        if not never_read and self._clock.monotonic() - self._read_at < REFRESH_S:
            return
        if not self._reading.acquire(blocking=never_read):
            return  # another thread is at it; what was known a second ago will do
        try:
            now = self._clock.monotonic()
            if now - self._read_at < REFRESH_S:
                return
            while not self.read(0.0):
                pass
            self._read_at = now
        finally:
            self._reading.release()

    def close(self) -> None:
        """Stop following."""
        self._reader.close()


class FollowedOffices:
    """The latest word on every office."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._read: dict[str, Office] = {}
        self._known: dict[str, Office] = {}
        self.topic = FollowedTopic(reader, clock, self._take, self._publish)

    @property
    def known(self) -> Mapping[str, Office]:
        """All offices by id, as far as the topic was read. A snapshot: it does not change while it is held."""
        return self._known

    def _take(self, record: StoredRecord) -> None:
        if record.value is None:
            self._read.pop(record.key.decode(errors="replace"), None)
            return
        office = parse(record, Office)
        self._read[office.office] = office

    def _publish(self) -> None:
        self._known = dict(self._read)  # in one step: others read it meanwhile
