"""How each event becomes a record (topic, key, headers), and a record an event again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

from pydantic import ValidationError

from jianbao_contracts import (
    AuditRepair,
    DeadLetterAction,
    Event,
    ExtractedBulletin,
    NormalizedBulletin,
    Office,
    RawPush,
    StageStatus,
    identity,
    topics,
)
from jianbao_contracts import headers as names
from jianbao_contracts.headers import event_headers
from jianbao_streaming.outcomes import InvalidEvent
from jianbao_streaming.records import Record, StoredRecord

E = TypeVar("E", bound=Event)


def _trace(traceparent: str | None) -> dict[str, str]:
    return {names.TRACEPARENT: traceparent} if traceparent else {}


def raw_record(push: RawPush, *, event_id: str, traceparent: str | None = None) -> Record:
    """Return a push as a record of its lane's topic. `event_id` is fresh for every record that ingest appends."""
    payload = {names.DATAREF: push.dataref} if push.dataref else {}
    return Record(
        topic=topics.RAW_BACKFILL if push.lane == "backfill" else topics.RAW,
        key=push.bulletin_id.encode(),
        value=push.to_json(),
        headers=event_headers(
            event_type="jianbao.RawPush",
            source="/jianbao/ingest",
            event_id=event_id,
            subject=push.bulletin_id,
            at=push.received_at,
            extensions={names.PUSH_ID: push.push_id, names.OFFICE: push.office, **payload, **_trace(traceparent)},
        ),
        partition_key=push.bulletin_id.encode(),
    )


def derived_record(event: NormalizedBulletin | ExtractedBulletin, *, traceparent: str | None = None) -> Record:
    """Return a normalized or extracted bulletin as a record of its topic."""
    normalized = isinstance(event, NormalizedBulletin)
    return Record(
        topic=topics.NORMALIZED if normalized else topics.EXTRACTED,
        key=identity.revision_key(event.bulletin_id, event.revision).encode(),
        value=event.to_json(),
        headers=event_headers(
            event_type=f"jianbao.{type(event).__name__}",
            source=f"/jianbao/{event.produced_by.service}",
            event_id=identity.event_id(event.bulletin_id, event.revision, event.generation),
            subject=event.bulletin_id,
            at=event.normalized_at if isinstance(event, NormalizedBulletin) else event.extracted_at,
            extensions={
                names.PUSH_ID: event.push_id,
                names.OFFICE: event.office,
                names.REVISION: event.revision,
                names.GENERATION: event.generation,
                **_trace(traceparent),
            },
        ),
        partition_key=event.bulletin_id.encode(),
    )


def status_record(status: StageStatus, *, traceparent: str | None = None) -> Record:
    """Return a stage's word on a push as a record of `bulletins.status`."""
    key = identity.status_key(status.push_id, status.stage, status.generation)
    return Record(
        topic=topics.STATUS,
        key=key.encode(),
        value=status.to_json(),
        headers=event_headers(
            event_type="jianbao.StageStatus",
            source=f"/jianbao/{status.stage}",
            event_id=key,
            subject=status.bulletin_id,
            at=status.at,
            extensions={names.PUSH_ID: status.push_id, names.OFFICE: status.office, **_trace(traceparent)},
        ),
        partition_key=status.bulletin_id.encode(),
    )


def office_record(office: Office) -> Record:
    """Return an office as a record of the compacted topic that all replicas follow."""
    key = office.office.encode()
    return Record(
        topic=topics.OFFICES,
        key=key,
        value=office.to_json(),
        headers=event_headers(
            event_type="jianbao.Office",
            source="/jianbao/operator",
            event_id=f"{office.office}/{office.changed_at.isoformat()}",
            subject=office.office,
            at=office.changed_at,
            extensions={},
        ),
        partition_key=key,
    )


def dead_letter_action_record(act: DeadLetterAction) -> Record:
    """Return an operator's act as a record of the audit topic."""
    key = f"{act.stage}/{act.partition}/{act.offset}"
    return Record(
        topic=topics.DEAD_LETTER_ACTIONS,
        key=key.encode(),
        value=act.to_json(),
        headers=event_headers(
            event_type="jianbao.DeadLetterAction",
            source="/jianbao/operator",
            event_id=f"{key}/{act.at.isoformat()}",
            subject=key,
            at=act.at,
            extensions={},
        ),
        partition_key=act.stage.encode(),
    )


def audit_repair_record(repair: AuditRepair) -> Record:
    """Return a repair as a record of the topic of repairs."""
    key = f"{repair.kind}/{repair.push_id or repair.bulletin_id}"
    return Record(
        topic=topics.AUDIT_REPAIRS,
        key=key.encode(),
        value=repair.to_json(),
        headers=event_headers(
            event_type="jianbao.AuditRepair",
            source="/jianbao/operator",
            event_id=f"{key}/{repair.at.isoformat()}",
            subject=repair.bulletin_id or key,
            at=repair.at,
            extensions={},
        ),
        partition_key=repair.kind.encode(),
    )


def parse(record: StoredRecord, model: type[E]) -> E:
    """Return the record's value as an event. Raises InvalidEvent where it is none."""
    if record.value is None:
        raise InvalidEvent("invalid_event", f"tombstone where a {model.__name__} was expected")
    try:
        return model.model_validate_json(record.value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "value"
        raise InvalidEvent("invalid_event", f"no {model.__name__}: {place}: {first['msg']}") from error


def appended_at(record: StoredRecord) -> datetime:
    """Return when the log took the record, UTC."""
    return datetime.fromtimestamp(record.timestamp / 1000, tz=UTC)
