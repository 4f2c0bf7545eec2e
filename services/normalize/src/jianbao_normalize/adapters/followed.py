"""Compacted topics kept in memory: the latest event of each key, read again before each batch."""

from __future__ import annotations

import logging
from collections.abc import Callable

from jianbao_contracts import DeadLetterAction, Office
from jianbao_normalize.domain.clusters import Policy
from jianbao_streaming import Clock, InvalidEvent, Reader, StoredRecord
from jianbao_streaming.events import parse

log = logging.getLogger(__name__)

REFRESH_S = 1.0
"""A change takes effect within a second; a topic is not asked again for every record."""

AT_ONCE = 1000


class FollowedTopic:
    """Hands every record of a topic to `take`, the old ones at first use, new ones at most once a second."""

    def __init__(self, reader: Reader, clock: Clock, take: Callable[[StoredRecord], None]) -> None:
        self._reader = reader
        self._clock = clock
        self._take = take
        self._read_at = float("-inf")

    def catch_up(self) -> None:
        """Read what is new. Raises LogUnavailableError."""
        now = self._clock.monotonic()
        if now - self._read_at < REFRESH_S:
            return
        while records := self._reader.poll(AT_ONCE, 0.0):
            for record in records:
                try:
                    self._take(record)
                except InvalidEvent as error:
                    log.warning("%s/%s is ignored: %s", record.topic, record.offset, error)
        self._read_at = now


class FollowedOffices:
    """See `jianbao_normalize.ports.Offices`: the topic of offices."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._policies: dict[str, Policy] = {}
        self._topic = FollowedTopic(reader, clock, self._take)

    def policy(self, office: str) -> Policy:
        """See the port."""
        self._topic.catch_up()
        return self._policies.get(office, "mark")

    def _take(self, record: StoredRecord) -> None:
        if record.value is None:
            self._policies.pop(record.key.decode(errors="replace"), None)
            return
        office = parse(record, Office)
        self._policies[office.office] = office.duplicates


class FollowedDrops:
    """See `jianbao_normalize.ports.Drops`: the audit topic of dead letters, of all stages."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._dropped: set[str] = set()
        self._topic = FollowedTopic(reader, clock, self._take)

    def dropped(self, push_id: str) -> bool:
        """See the port."""
        self._topic.catch_up()
        return push_id in self._dropped

    def _take(self, record: StoredRecord) -> None:
        if record.value is None:
            return
        act = parse(record, DeadLetterAction)
        if act.push_id is None:
            return
        if act.action == "drop":
            self._dropped.add(act.push_id)
        else:
            self._dropped.discard(act.push_id)
