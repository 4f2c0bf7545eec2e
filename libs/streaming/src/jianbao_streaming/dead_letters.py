"""Dead letters: the untouched record, with everything else in headers, and the way back to its stage.

The original headers stay as they are; what is added starts with `dlq-`. A replayed record keeps where it first came
from and how often it was replayed, so that what fails again returns here once and can be told from what is new.
"""

from __future__ import annotations

from datetime import datetime

from jianbao_contracts import topics
from jianbao_contracts.headers import Headers, header
from jianbao_streaming.outcomes import InvalidEvent
from jianbao_streaming.records import Record, StoredRecord

PREFIX = "dlq-"
ORIGIN_TOPIC = "dlq-origin-topic"
ORIGIN_PARTITION = "dlq-origin-partition"
ORIGIN_OFFSET = "dlq-origin-offset"
STAGE = "dlq-stage"
SERVICE_VERSION = "dlq-service-version"
ERROR_TYPE = "dlq-error-type"
CODE = "dlq-code"
REASON = "dlq-reason"
ATTEMPTS = "dlq-attempts"
FIRST_FAILED_AT = "dlq-first-failed-at"
FAILED_AT = "dlq-failed-at"
REPLAYS = "dlq-replays"

LONGEST_REASON = 2000
"""Characters of a reason kept: enough for any message, and no exception can blow up a record."""

KEPT_BY_REPLAY = (ORIGIN_TOPIC, ORIGIN_PARTITION, ORIGIN_OFFSET, FIRST_FAILED_AT, REPLAYS)


def code_of(error: Exception) -> str:
    """Return the code that the office is told: the bad record's own, or that of a bug."""
    return error.code if isinstance(error, InvalidEvent) else "internal_error"


def dead_letter(
    record: StoredRecord, error: Exception, *, stage: str, service_version: str, attempts: int, at: datetime
) -> Record:
    """Return the dead letter of a record that could not be handled."""
    time = at.isoformat()
    facts = {
        ORIGIN_TOPIC: record.header(ORIGIN_TOPIC) or record.topic,
        ORIGIN_PARTITION: record.header(ORIGIN_PARTITION) or str(record.partition),
        ORIGIN_OFFSET: record.header(ORIGIN_OFFSET) or str(record.offset),
        STAGE: stage,
        SERVICE_VERSION: service_version,
        ERROR_TYPE: type(error).__name__,
        CODE: code_of(error),
        REASON: str(error)[:LONGEST_REASON],
        ATTEMPTS: str(attempts),
        FIRST_FAILED_AT: record.header(FIRST_FAILED_AT) or time,
        FAILED_AT: time,
        REPLAYS: record.header(REPLAYS) or "0",
    }
    return Record(
        topic=topics.dead_letters_of(stage),
        key=record.key,
        value=record.value,
        headers=(*_original(record.headers), *((name, value.encode()) for name, value in facts.items())),
        partition_key=_partition_key(record),
    )


def replay(letter: StoredRecord) -> Record:
    """Return a dead letter as a record of its stage's retry topic, with the replay counted."""
    stage = letter.header(STAGE)
    if stage is None:
        raise InvalidEvent("invalid_event", f"{letter.topic}/{letter.offset} is no dead letter: no {STAGE} header")
    kept = {name: header(letter.headers, name) for name in KEPT_BY_REPLAY}
    kept[REPLAYS] = str(int(kept[REPLAYS] or 0) + 1)
    return Record(
        topic=topics.retries_of(stage),
        key=letter.key,
        value=letter.value,
        headers=(
            *_original(letter.headers),
            *((name, value.encode()) for name, value in kept.items() if value is not None),
        ),
        partition_key=_partition_key(letter),
    )


def _original(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if not name.startswith(PREFIX))


def _partition_key(record: StoredRecord) -> bytes:
    subject = record.header("ce_subject")
    return subject.encode() if subject else record.key
