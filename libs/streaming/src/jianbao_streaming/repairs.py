"""Repairs: how an audit tells the owner of a damaged part to mend it, through a retry topic that he alone reads.

So the indexer stays the only writer of its index, and receipts of its tables, on both engines. A repair is the untouched
record with its first place in headers, as in a dead letter, and `jianbao-repair`: `rewrite` (make what you hold of this
anew) or `remove` (take away what you hold of this bulletin, unless you know it meanwhile).
"""

from __future__ import annotations

from typing import Literal, cast

from jianbao_contracts import headers as names
from jianbao_contracts import topics
from jianbao_streaming.dead_letters import ORIGIN_OFFSET, ORIGIN_PARTITION, ORIGIN_TOPIC
from jianbao_streaming.records import Record, StoredRecord

REPAIR = "jianbao-repair"

Repair = Literal["rewrite", "remove"]


def rewrite(record: StoredRecord, stage: str) -> Record:
    """Return a record of any topic as one that makes a stage (or receipts) make anew what it holds of it."""
    told = {
        ORIGIN_TOPIC: record.header(ORIGIN_TOPIC) or record.topic,
        ORIGIN_PARTITION: record.header(ORIGIN_PARTITION) or str(record.partition),
        ORIGIN_OFFSET: record.header(ORIGIN_OFFSET) or str(record.offset),
        REPAIR: "rewrite",
    }
    subject = record.header(names.SUBJECT)
    return Record(
        topic=topics.retries_of(stage),
        key=record.key,
        value=record.value,
        headers=(
            *((name, value) for name, value in record.headers if name not in told),
            *((name, value.encode()) for name, value in told.items()),
        ),
        partition_key=subject.encode() if subject else record.key,
    )


def remove(bulletin_id: str) -> Record:
    """Return a record that makes the indexer take a bulletin out of its index, unless it knows it meanwhile."""
    key = bulletin_id.encode()
    return Record(
        topic=topics.retries_of("search"),
        key=key,
        value=None,
        headers=((names.SUBJECT, key), (REPAIR, b"remove")),
        partition_key=key,
    )


def repair_of(record: StoredRecord) -> Repair | None:
    """Return what a record asks to be mended, or None for one on its ordinary way."""
    told = record.header(REPAIR)
    return cast("Repair", told) if told in ("rewrite", "remove") else None


def first_place(record: StoredRecord) -> tuple[str, int]:
    """Return topic and offset where a record first stood: a repair and a replay tell it, any other stands there."""
    topic, offset = record.header(ORIGIN_TOPIC), record.header(ORIGIN_OFFSET)
    return (topic, int(offset)) if topic and offset else (record.topic, record.offset)
