"""`Topics` of the embedded engine: one SQLite file, opened read-only, and one lock file a consumer group."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from chaos.topics import TopicRecord

DATABASE = "jianbao.sqlite"

WAITING = """
SELECT o.group_name, SUM(t.end - o.offset) FROM log_offset o JOIN log_topic t ON t.id = o.topic GROUP BY o.group_name
"""
"""A topic that a group never read has no row; its first record makes one as soon as it is read."""

UNREAD = """
SELECT t.end FROM log_topic t
WHERE t.name = ? AND NOT EXISTS (SELECT 1 FROM log_offset o WHERE o.topic = t.id AND o.group_name = ?)
"""

READERS = {
    "normalize": ("bulletins.raw", "bulletins.raw.backfill"),
    "extract": ("bulletins.normalized",),
    "search": ("bulletins.extracted",),
    "receipts": ("bulletins.raw", "bulletins.raw.backfill", "bulletins.status"),
}
"""Groups and what they read, after the table in contracts.md."""


class EmbeddedTopics:
    """See `chaos.topics.Topics`."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def records(self, topic: str) -> Iterator[TopicRecord]:
        """Yield all records of a topic, read in pages so that no long read keeps the file from being checkpointed."""
        after = -1
        while page := self._page(topic, after):
            for offset, headers, dataref, value in page:
                told = {name: text.encode("latin-1").decode("utf-8", "replace") for name, text in json.loads(headers)}
                yield TopicRecord(topic, offset, told, bytes(value or b""), claimed=dataref is not None)
            after = page[-1][0]

    def waiting(self) -> Mapping[str, int]:
        """Return the records that wait for each group."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            found = {str(group): int(many) for group, many in connection.execute(WAITING)}
            for group, topics in READERS.items():
                for topic in topics:
                    for (end,) in connection.execute(UNREAD, (topic, group)):
                        found[group] = found.get(group, 0) + int(end)
        return found

    @contextmanager
    def outage(self, group: str, stop: AbstractContextManager[object]) -> Iterator[None]:
        """Hold the group's lock: whoever is started meanwhile stands by, as it would behind another member."""
        lock = os.open(self._data / "run" / f"{group}.lock", os.O_RDWR)
        try:
            with stop:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _page(self, topic: str, after: int) -> list[tuple[int, str, str | None, bytes | None]]:
        with closing(self._connect()) as connection:
            return connection.execute(
                "SELECT offset, headers, dataref, value FROM log_record"
                " WHERE topic = (SELECT id FROM log_topic WHERE name = ?) AND offset > ? ORDER BY offset LIMIT 500",
                (topic, after),
            ).fetchall()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._data / DATABASE}?mode=ro", uri=True, timeout=30)
