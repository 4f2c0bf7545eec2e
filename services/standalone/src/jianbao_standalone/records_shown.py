"""A record as `jianbao tail` shows it: one line for people, one JSON object for programs."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from jianbao_contracts.topics import catalogue
from jianbao_standalone.beijing import BEIJING, utc
from jianbao_standalone.counted import counted
from jianbao_streaming import InvalidEvent, Payloads, StoredRecord
from jianbao_streaming import dead_letters as dlq
from jianbao_streaming.claim_check import check_out
from jianbao_streaming.events import appended_at
from jianbao_streaming.in_hand import name_of

Value = Mapping[str, Any]

LONGEST_TOLD = 160


def line(record: StoredRecord) -> str:
    """Return a record for people: append time (Beijing), place, key, and what it is. Does not fetch large values."""
    time = appended_at(record).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    key = record.key.decode("utf-8", "replace")
    return f"{time}  {record.partition}/{record.offset}  {key}  {what(record)[:LONGEST_TOLD]}"


def what(record: StoredRecord) -> str:
    """Return in a few words what a record is: for a status its state, for a dead letter its reason."""
    if code := record.header(dlq.CODE):
        return f"dead letter: {code}: {record.header(dlq.REASON)}"
    if record.value is None:
        return "tombstone"
    if record.value == b"":
        return "large value, in the payload store (shown by --json and --value)"
    known = catalogue().get(record.topic)
    try:
        return DESCRIBED[known.value](json.loads(record.value)) if known else f"{len(record.value)} bytes"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"unreadable: {len(record.value)} bytes"


def headers(record: StoredRecord) -> dict[str, Any]:
    """Return place, time, key and headers of a record as JSON."""
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "time": utc(appended_at(record)),
        "key": record.key.decode("utf-8", "replace"),
        "headers": {name: value.decode("utf-8", "replace") for name, value in record.headers},
    }


def whole(record: StoredRecord, payloads: Payloads) -> dict[str, Any]:
    """Return a record as JSON with its value: parsed where it is JSON, else in base64; a large one is fetched."""
    try:
        content = value(record, payloads)
    except InvalidEvent as error:
        return {**headers(record), "value": None, "missing": str(error)}
    try:
        return {**headers(record), "value": None if content is None else json.loads(content)}
    except ValueError:
        return {**headers(record), "value_base64": base64.b64encode(content or b"").decode()}


def value(record: StoredRecord, payloads: Payloads) -> bytes | None:
    """Return the bytes of a value, from the payload store if they are there. Raises InvalidEvent where they are not."""
    try:
        return check_out(record, payloads).value
    except InvalidEvent as error:
        raise InvalidEvent(error.code, f"{name_of(record)}: {error}") from error


def _raw(push: Value) -> str:
    if push["operation"] == "retract":
        return f"retract ({push.get('reason') or 'no reason given'})"
    size = "large content" if push.get("dataref") else f"{len(push.get('content') or '') * 3 // 4} bytes"
    return f"publish {push.get('source') or ''} {push.get('media_type')}, {size}"


def _normalized(bulletin: Value) -> str:
    copy = f", a copy in {bulletin['cluster_id']}" if bulletin.get("duplicate_of") else ""
    return f"revision {bulletin['revision']} {bulletin['operation']}, {len(bulletin['text'])} characters{copy}"


def _extracted(bulletin: Value) -> str:
    titles = "；".join(str(article.get("title")) for article in bulletin["articles"])
    return f"revision {bulletin['revision']} {bulletin['operation']}, {len(bulletin['articles'])} articles: {titles}"


def _status(status: Value) -> str:
    detail = status.get("detail") or {}
    told = f": {detail.get('code')} {detail.get('message')}" if detail else ""
    return f"{status['stage']} says {status['state']}{told}"


def _any(event: Value) -> str:
    return ", ".join(f"{name} {told}" for name, told in event.items() if isinstance(told, str | int))


DESCRIBED: dict[str, Callable[[Value], str]] = {
    "RawPush": _raw,
    "NormalizedBulletin": _normalized,
    "ExtractedBulletin": _extracted,
    "StageStatus": _status,
    "Office": lambda office: f"{office['role']} {office['name']}, {counted(len(office['keys']), 'key')}",
    "DeadLetterAction": lambda act: f"{act['action']} by {act['operator']}",
    "AuditRepair": _any,
}
"""Event → how it is told in a few words; a topic of another event is a gap that a test finds."""
