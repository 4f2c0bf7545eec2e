"""The stage's handler: a record of `bulletins.normalized` in, the extracted bulletin and its status out."""

from __future__ import annotations

from jianbao_contracts import NormalizedBulletin, StageStatus
from jianbao_contracts.headers import TRACEPARENT
from jianbao_extract.processing import process
from jianbao_streaming.events import appended_at, derived_record, parse, status_record
from jianbao_streaming.outcomes import Emit
from jianbao_streaming.records import StoredRecord


def handle(record: StoredRecord) -> Emit:
    """Return the extracted bulletin and the status `extracted`.

    Times are the record's own append time, so that a replay emits the same bytes again. Raises InvalidEvent where the
    record is no NormalizedBulletin.
    """
    normalized = parse(record, NormalizedBulletin)
    at = appended_at(record)
    status = StageStatus(
        push_id=normalized.push_id,
        bulletin_id=normalized.bulletin_id,
        revision=normalized.revision,
        office=normalized.office,
        stage="extract",
        state="extracted",
        generation=normalized.generation,
        at=at,
    )
    trace = record.header(TRACEPARENT)
    return Emit(
        [derived_record(process(normalized, at=at), traceparent=trace), status_record(status, traceparent=trace)]
    )
