"""Retention on one machine: old records go, compacted topics keep the latest value of each key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import apsw

from jianbao_contracts.topics import Topic
from jianbao_streaming.sqlite.connection import select, select_one, transaction
from jianbao_streaming.sqlite.rows import topic_id

STEP = 500
"""Records a transaction: a writer waits for milliseconds, not for the whole clean-up."""


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
            oldest = now - timedelta(days=topic.retention_days)
            gone += _expire(connection, known, int(oldest.timestamp() * 1000))
    connection.execute("PRAGMA incremental_vacuum")
    return gone


def _expire(connection: apsw.Connection, topic: int, oldest: int) -> int:
    """Delete from the oldest record on, and stop at the first one that is young enough."""
    gone = 0
    while True:
        head = select(
            connection, "SELECT id, timestamp FROM log_record WHERE topic = ? ORDER BY offset LIMIT ?", (topic, STEP)
        )
        expired = [row_id for row_id, timestamp in head if timestamp < oldest]
        with transaction(connection):
            connection.executemany("DELETE FROM log_record WHERE id = ?", [(row_id,) for row_id in expired])
        gone += len(expired)
        if len(expired) < STEP:
            return gone


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


def is_referred_to(connection: apsw.Connection, payload: str) -> bool:
    """Return whether a record that is still kept needs a payload."""
    return select_one(connection, "SELECT 1 FROM log_record WHERE dataref = ? LIMIT 1", (payload,)) is not None
