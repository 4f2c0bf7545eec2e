"""The log in one SQLite file."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from jianbao_streaming.ports import Clock, Lag, TopicState
from jianbao_streaming.records import Record
from jianbao_streaming.sqlite import rows, schema
from jianbao_streaming.sqlite.connection import DATABASE, connect, select, select_one, transaction
from jianbao_streaming.sqlite.member import SqliteMember, committed
from jianbao_streaming.sqlite.reader import SqliteReader

RUN_FOLDER = "run"
"""Folder of lock files and of the processes' addresses, in the data folder."""


class SqliteLog:
    """See `jianbao_streaming.ports.Log`. May be used from several threads."""

    def __init__(self, data: Path, clock: Clock, *, durable: bool) -> None:
        (data / RUN_FOLDER).mkdir(parents=True, exist_ok=True)
        self._data = data
        self._clock = clock
        self._connection = connect(data / DATABASE, synchronous="FULL" if durable else "NORMAL")
        schema.create(self._connection)
        self._in_use = threading.Lock()

    def append(self, records: Sequence[Record]) -> None:
        """Append all records in one transaction."""
        with self._in_use, transaction(self._connection):
            rows.write(self._connection, records, int(self._clock.now().timestamp() * 1000))

    def join(self, group: str, topics: Sequence[str]) -> SqliteMember:
        """Join a group: active at the first poll that finds nobody else active."""
        lock = self._data / RUN_FOLDER / f"{group}.lock"
        return SqliteMember(connect(self._data / DATABASE), group, topics, lock, self._clock)

    def reader(self, topics: Sequence[str], *, start: Mapping[str, int] | None = None) -> SqliteReader:
        """Return a reader over a connection of its own."""
        return SqliteReader(connect(self._data / DATABASE), topics, start or {})

    def end(self, topic: str) -> int:
        """Return a topic's next offset."""
        with self._in_use:
            row = select_one(self._connection, "SELECT end FROM log_topic WHERE name = ?", (topic,))
        return row[0] if row else 0

    def committed(self, group: str, topic: str) -> int:
        """Return the next offset that a group will read."""
        with self._in_use:
            return committed(self._connection, group, topic)

    def topics(self) -> Sequence[TopicState]:
        """Return the state of all topics, from counts that are kept; reads one record at either end of each."""
        query = (
            "SELECT name, kept, coalesce((SELECT offset FROM log_record r WHERE r.topic = t.id ORDER BY offset LIMIT 1),"
            " end), end, size, (SELECT timestamp FROM log_record r WHERE r.topic = t.id ORDER BY offset DESC LIMIT 1)"
            " FROM log_topic t ORDER BY name"
        )
        with self._in_use:
            found = select(self._connection, query)
        return [
            TopicState(name, records, first, end, size, _moment(at)) for name, records, first, end, size, at in found
        ]

    def groups(self) -> Mapping[str, Mapping[str, Lag]]:
        """Return, by group, the lag of every topic it has ever committed."""
        query = (
            "SELECT group_name, name, end - o.offset, (SELECT timestamp FROM log_record r WHERE r.topic = t.id"
            " AND r.offset >= o.offset ORDER BY r.offset LIMIT 1)"
            " FROM log_offset o JOIN log_topic t ON t.id = o.topic ORDER BY group_name, name"
        )
        groups: dict[str, dict[str, Lag]] = {}
        with self._in_use:
            found = select(self._connection, query)
        for group, topic, records, oldest in found:
            groups.setdefault(group, {})[topic] = Lag(records, _moment(oldest))
        return groups

    def close(self) -> None:
        """Close the connection that appends."""
        self._connection.close()


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
