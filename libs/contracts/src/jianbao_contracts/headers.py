"""Record headers: CloudEvents 1.0 in the Kafka protocol binding, so that a consumer can route without parsing.

Names: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md (binary mode).
Extension attributes (pushid, office, revision, generation) are lower case without separators, as the spec demands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

SPECVERSION = "ce_specversion"
ID = "ce_id"
TYPE = "ce_type"
SOURCE = "ce_source"
TIME = "ce_time"
SUBJECT = "ce_subject"
CONTENT_TYPE = "content-type"
PUSH_ID = "ce_pushid"
OFFICE = "ce_office"
REVISION = "ce_revision"
GENERATION = "ce_generation"
DATAREF = "dataref"
TRACEPARENT = "traceparent"

Headers = tuple[tuple[str, bytes], ...]


def event_headers(
    *, event_type: str, source: str, event_id: str, subject: str, at: datetime, extensions: Mapping[str, str | int]
) -> Headers:
    """Return the headers of an event; `extensions` holds further attributes by their header name."""
    time = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    attributes: dict[str, str | int] = {
        SPECVERSION: "1.0",
        ID: event_id,
        TYPE: event_type,
        SOURCE: source,
        TIME: time,
        SUBJECT: subject,
        CONTENT_TYPE: "application/json",
        **extensions,
    }
    return tuple((name, str(value).encode()) for name, value in attributes.items())


def header(headers: Headers, name: str) -> str | None:
    """Return the last value of a header as text, or None. Bytes that are no UTF-8 are shown with U+FFFD."""
    for key, value in reversed(headers):
        if key == name:
            return value.decode("utf-8", errors="replace")
    return None
