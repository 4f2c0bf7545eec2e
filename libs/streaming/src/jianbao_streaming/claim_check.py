"""Claim check: a value too large for a log travels as a reference into the payload store.

The record keeps its key and headers; `dataref` (CloudEvents claim check extension) names the payload, and the value is
empty. An empty value is no tombstone, and no event is empty, so nothing else looks like a claim.
"""

from __future__ import annotations

from dataclasses import replace

from jianbao_contracts.headers import DATAREF
from jianbao_streaming.outcomes import InvalidEvent
from jianbao_streaming.ports import PayloadMissingError, Payloads
from jianbao_streaming.records import Record, StoredRecord

LARGEST_VALUE = 1024 * 1024
"""Bytes of a value in the log; brokers are commonly set up for records of about a megabyte."""


def check_in(record: Record, payloads: Payloads) -> Record:
    """Return the record as it goes into the log; a large value is stored durably first."""
    if record.value is None or len(record.value) <= LARGEST_VALUE:
        return record
    name = payloads.put(record.value)
    return replace(record, value=b"", headers=(*record.headers, (DATAREF, name.encode())))


def check_out(record: StoredRecord, payloads: Payloads) -> StoredRecord:
    """Return the record with its value. Raises InvalidEvent where the payload is missing or damaged."""
    name = record.header(DATAREF)
    if record.value != b"" or name is None:
        return record
    try:
        return replace(record, value=payloads.get(name))
    except PayloadMissingError as error:
        raise InvalidEvent("content_missing", str(error)) from error
