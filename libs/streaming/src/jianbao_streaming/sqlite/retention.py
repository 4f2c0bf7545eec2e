"""Retention on one machine: old records go, compacted topics keep the latest value of each key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import takewhile

import apsw

from jianbao_contracts.topics import Topic
from jianbao_streaming.sqlite.connection import select, select_one, transaction
from jianbao_streaming.sqlite.rows import steady_time, topic_id

STEP = 500
"""Records a transaction: a writer waits for milliseconds, not for the whole clean-up."""

PAGES = 500
"""Free pages given back to the disk in one transaction, for the same reason: some 20 ms."""

DAY_MS = 24 * 3600 * 1000


def clean(connection: apsw.Connection, catalogue: Collection[Topic], now: datetime) -> int:
    """Delete what no reader may expect any more; return how many records went."""
    gone = 0
    for topic in catalogue:
        known = topic_id(connection, topic.name)
        if known is None:
            continue
        if topic.cleanup == "compact":
            gone += _compact(connection, known)
        elif topic.retention_days is not None:
            oldest = _steady_now(connection, known, now) - topic.retention_days * DAY_MS
            gone += _expire(connection, known, oldest)
    _give_back(connection)
    return gone


def _expire(connection: apsw.Connection, topic: int, oldest: int) -> int:
    """Delete from the oldest record on, and stop at the first one whose steady time is young enough."""
    gone = 0
    while True:
        head = select(
            connection,
            "SELECT id, coalesce(steady, timestamp) FROM log_record WHERE topic = ? ORDER BY offset LIMIT ?",
            (topic, STEP),
        )
        expired = [row_id for row_id, _ in takewhile(lambda row: row[1] < oldest, head)]
        with transaction(connection):
            connection.executemany("DELETE FROM log_record WHERE id = ?", [(row_id,) for row_id in expired])
        gone += len(expired)
        if len(expired) < STEP:
            return gone


def _steady_now(connection: apsw.Connection, topic: int, now: datetime) -> int:
    ((wall, steady),) = select(connection, "SELECT wall, steady FROM log_topic WHERE id = ?", (topic,))
    return steady_time(int(now.timestamp() * 1000), wall, steady)


def _compact(connection: apsw.Connection, topic: int) -> int:
    """Look at records that came since the last time, and delete the earlier ones of the same key."""
    gone = 0
    while True:
        with transaction(connection):
            ((cleaned,),) = select(connection, "SELECT cleaned FROM log_topic WHERE id = ?", (topic,))
            new = select(
                connection,
                "SELECT offset, key FROM log_record WHERE topic = ? AND offset >= ? ORDER BY offset LIMIT ?",
                (topic, cleaned, STEP),
            )
            for offset, key in new:
                connection.execute(
                    "DELETE FROM log_record WHERE topic = ? AND key = ? AND offset < ?", (topic, key, offset)
                )
                gone += connection.changes()
            if new:
                connection.execute("UPDATE log_topic SET cleaned = ? WHERE id = ?", (new[-1][0] + 1, topic))
        if len(new) < STEP:
            return gone


def _give_back(connection: apsw.Connection) -> None:
    """Shrink the file by its free pages. Nothing happens to a file that was made without auto_vacuum."""
    free = connection.pragma("freelist_count")
    while free:
        select(connection, f"PRAGMA incremental_vacuum({PAGES})")  # frees a page a step: it must be read to its end
        left = connection.pragma("freelist_count")
        if left >= free:
            return
        free = left


def is_referred_to(connection: apsw.Connection, payload: str) -> bool:
    """Return whether a record that is still kept needs a payload."""
    return select_one(connection, "SELECT 1 FROM log_record WHERE dataref = ? LIMIT 1", (payload,)) is not None
