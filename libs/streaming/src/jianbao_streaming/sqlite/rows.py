"""How records stand in rows: writing a batch with its offsets, and reading rows back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import apsw

from jianbao_contracts.headers import DATAREF, Headers
from jianbao_streaming.records import Record, StoredRecord
from jianbao_streaming.sqlite.connection import FAULTS, fault, select, select_one

PARTITION = 0
"""The embedded engine has one active member a stage, so a topic needs one partition only."""

MOST_BYTES_AT_ONCE = 16 * 1024 * 1024
"""A poll stops behind the record that passes this size, so that a batch of large events fits in memory."""

CLAIM_COUNTS_AS = 8 * 1024 * 1024
"""Bytes that a record counts for which refers to a payload: how large that is stands elsewhere, up to 50 MiB of content."""

LONGEST_STEP_MS = 3 * 24 * 3600 * 1000
"""How far the steady time of a topic goes on at most from one record to the next: over a weekend.

Retention goes by this time, because wall clocks jump. It follows the wall clock, never goes back, and takes a jump
forward for no more than this; of a real pause that was longer it takes the rest for nothing, which keeps records longer.
"""


def steady_time(wall: int, last_wall: int, last_steady: int) -> int:
    """Return the steady time at `wall`, given both times of a topic's last record (0: it has none); milliseconds."""
    return wall if last_wall == 0 else last_steady + min(max(wall - last_wall, 0), LONGEST_STEP_MS)


def _encode(headers: Headers) -> str:
    return json.dumps([[name, value.decode("latin-1")] for name, value in headers], separators=(",", ":"))


def _decode(headers: str) -> Headers:
    return tuple((name, value.encode("latin-1")) for name, value in json.loads(headers))


def topic_id(connection: apsw.Connection, name: str) -> int | None:
    """Return a topic's row id, or None where it never had a record."""
    row = select_one(connection, "SELECT id FROM log_topic WHERE name = ?", (name,))
    return row[0] if row else None


def write(connection: apsw.Connection, records: Sequence[Record], timestamp: int) -> None:
    """Append records within the caller's transaction; offsets are dense within a topic."""
    ends: dict[str, tuple[int, int, int]] = {}
    sizes: dict[int, int] = {}
    counts: dict[int, int] = {}
    rows = []
    for record in records:
        if record.topic not in ends:
            ends[record.topic] = _topic_end(connection, record.topic, timestamp)
        topic, end, steady = ends[record.topic]
        ends[record.topic] = (topic, end + 1, steady)
        sizes[topic] = sizes.get(topic, 0) + len(record.value or b"")
        counts[topic] = counts.get(topic, 0) + 1
        dataref = record.header(DATAREF)
        rows.append((topic, end, timestamp, steady, record.key, _encode(record.headers), dataref, record.value))
    connection.executemany(
        "INSERT INTO log_record (topic, offset, timestamp, steady, key, headers, dataref, value)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    connection.executemany(
        "UPDATE log_topic SET end = ?, wall = ?, steady = ?, kept = kept + ?, size = size + ? WHERE id = ?",
        [(end, timestamp, steady, counts[topic], sizes[topic], topic) for topic, end, steady in ends.values()],
    )


def _topic_end(connection: apsw.Connection, name: str, wall: int) -> tuple[int, int, int]:
    """Return a topic's row id and next offset, and the steady time of what is appended to it now."""
    connection.execute("INSERT INTO log_topic (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    query = "SELECT id, end, wall, steady FROM log_topic WHERE name = ?"
    ((topic, end, last_wall, last_steady),) = select(connection, query, (name,))
    return topic, end, steady_time(wall, last_wall, last_steady)


def read(connection: apsw.Connection, topic: str, first: int, most: int) -> Iterator[StoredRecord]:
    """Yield up to `most` records of a topic from offset `first` on, fewer where they are large."""
    size = 0
    try:
        found: Iterator[tuple[Any, ...]] = connection.execute(
            "SELECT offset, timestamp, key, headers, value, dataref IS NOT NULL FROM log_record"
            " WHERE topic = (SELECT id FROM log_topic WHERE name = ?) AND offset >= ? ORDER BY offset LIMIT ?",
            (topic, first, most),
        )
        for offset, timestamp, key, headers, value, is_claim in found:
            yield StoredRecord(topic, PARTITION, offset, timestamp, key, value, _decode(headers))
            size += CLAIM_COUNTS_AS if is_claim else len(value or b"")
            if size > MOST_BYTES_AT_ONCE:
                return
    except FAULTS as error:
        raise fault(connection, "read", error) from error
