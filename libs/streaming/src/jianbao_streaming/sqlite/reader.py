"""Reading topics from a place, without a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw

from jianbao_streaming.records import StoredRecord
from jianbao_streaming.sqlite import rows
from jianbao_streaming.sqlite.wakeup import wait_for


class SqliteReader:
    """See `jianbao_streaming.ports.Reader`."""

    def __init__(self, connection: apsw.Connection, topics: Sequence[str], start: Mapping[str, int]) -> None:
        self._connection = connection
        self._next = {topic: start.get(topic, 0) for topic in topics}

    def poll(self, max_records: int, timeout: float) -> Sequence[StoredRecord]:
        """Return the next records, topic by topic."""
        return wait_for(self._connection, lambda: self._read(max_records), timeout) or ()

    def _read(self, most: int) -> list[StoredRecord] | None:
        for topic, offset in self._next.items():
            batch = list(rows.read(self._connection, topic, offset, most))
            if batch:
                self._next[topic] = batch[-1].offset + 1
                return batch
        return None

    def close(self) -> None:
        """Close the reader's connection."""
        self._connection.close()
