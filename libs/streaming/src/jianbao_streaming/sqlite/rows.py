"""How records stand in rows: writing a batch with its offsets, and reading rows back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import apsw

from jianbao_contracts.headers import DATAREF, Headers
from jianbao_streaming.records import Record, StoredRecord
from jianbao_streaming.sqlite.connection import select, select_one

PARTITION = 0
"""The embedded engine has one active member a stage, so a topic needs one partition only."""

MOST_BYTES_AT_ONCE = 16 * 1024 * 1024
"""A poll stops behind the record that passes this size, so that a batch of large events fits in memory."""

CLAIM_COUNTS_AS = 8 * 1024 * 1024
"""Bytes that a record counts for which refers to a payload: how large that is stands elsewhere, up to 50 MiB of content."""


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
    ends: dict[str, tuple[int, int]] = {}
    rows = []
    for record in records:
        if record.topic not in ends:
            ends[record.topic] = _topic_end(connection, record.topic)
        topic, end = ends[record.topic]
        ends[record.topic] = (topic, end + 1)
        dataref = record.header(DATAREF)
        rows.append((topic, end, timestamp, record.key, _encode(record.headers), dataref, record.value))
    connection.executemany(
        "INSERT INTO log_record (topic, offset, timestamp, key, headers, dataref, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    connection.executemany("UPDATE log_topic SET end = ? WHERE id = ?", [(end, topic) for topic, end in ends.values()])


def _topic_end(connection: apsw.Connection, name: str) -> tuple[int, int]:
    connection.execute("INSERT INTO log_topic (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    ((topic, end),) = select(connection, "SELECT id, end FROM log_topic WHERE name = ?", (name,))
    return topic, end


def read(connection: apsw.Connection, topic: str, first: int, most: int) -> Iterator[StoredRecord]:
    """Yield up to `most` records of a topic from offset `first` on, fewer where they are large."""
    found: Iterator[tuple[Any, ...]] = connection.execute(
        "SELECT offset, timestamp, key, headers, value, dataref IS NOT NULL FROM log_record"
        " WHERE topic = (SELECT id FROM log_topic WHERE name = ?) AND offset >= ? ORDER BY offset LIMIT ?",
        (topic, first, most),
    )
    size = 0
    for offset, timestamp, key, headers, value, is_claim in found:
        yield StoredRecord(topic, PARTITION, offset, timestamp, key, value, _decode(headers))
        size += CLAIM_COUNTS_AS if is_claim else len(value or b"")
        if size > MOST_BYTES_AT_ONCE:
            return
