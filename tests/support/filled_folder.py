"""A data folder with a known content, made without any process: records, a payload, a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jianbao_contracts import RawPush, identity
from jianbao_standalone.office_keys import local_key
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.events import raw_record


@dataclass(frozen=True)
class Filled:
    """What was put into a folder."""

    data: Path
    payload: str
    key: str


def raw_push(office: str, number: int, *, dataref: str | None = None) -> RawPush:
    content = f"第{number}期简报。".encode()
    return RawPush(
        push_id=f"{abs(hash((office, number))):032x}"[-32:],
        bulletin_id=identity.bulletin_id(office, f"{number}.txt", ""),
        operation="publish",
        office=office,
        document_id=f"{number}.txt",
        content=None if dataref else content,
        dataref=dataref,
        sha256="0" * 64,
        received_at=datetime.now(UTC),
    )


def push_into(data: Path, office: str, numbers: range, *, dataref: str | None = None) -> None:
    """Append pushes to the log, as ingest would."""
    engine = open_embedded(data, durable=True)
    try:
        pushes = [raw_push(office, number, dataref=dataref) for number in numbers]
        engine.log.append([raw_record(push, event_id=f"{push.push_id}-1") for push in pushes])
    finally:
        engine.close()


def filled_folder(data: Path, pushes: int = 20) -> Filled:
    """Make a data folder: so many pushes, one of them with its content in the payload store, and an office's key."""
    engine = open_embedded(data, durable=True)
    try:
        payload = engine.payloads.put("大文件".encode() * 500_000)
        key = local_key(data, engine.log, "one")
    finally:
        engine.close()
    push_into(data, "one", range(pushes))
    push_into(data, "two", range(1), dataref=payload)
    return Filled(data, payload, key)
