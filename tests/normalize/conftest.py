"""A normalize stage without a log: records made on the spot, stores in a file, offices and drops set by the test."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jianbao_contracts import Declared, NormalizedBulletin, RawPush, StageStatus, identity
from jianbao_contracts.topics import NORMALIZED, RAW
from jianbao_normalize.bootstrap import assemble
from jianbao_normalize.domain.clusters import Policy
from jianbao_normalize.handler import Normalizer
from jianbao_streaming import Emit, Outcome, Record, Skip, StoredRecord
from jianbao_streaming.events import raw_record
from jianbao_streaming.payload_folder import FolderPayloads
from jianbao_streaming.sqlite import DATABASE, connect

START = datetime(2026, 11, 22, 8, tzinfo=UTC)


@dataclass
class Desk:
    """What the offices and operators of a test want."""

    policies: dict[str, Policy] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)

    def policy(self, office: str) -> Policy:
        return self.policies.get(office, "mark")

    def dropped(self, push_id: str) -> bool:
        return push_id in self.given_up


@dataclass
class Stage:
    """Normalize over a folder. `handle` gives records to it as one batch."""

    folder: Path
    desk: Desk
    offset: int = 0

    def __post_init__(self) -> None:
        self.payloads = FolderPayloads(self.folder / "payloads")
        self.normalizer = self.another()

    def another(self) -> Normalizer:
        """Return a second process over the same stores."""
        connection = connect(self.folder / DATABASE)
        return assemble(connection, self.payloads, offices=self.desk, drops=self.desk)

    def push(
        self,
        document: str,
        content: bytes | str | None,
        *,
        office: str = "hubei-wmb",
        key: str | None = None,
        revert: bool = False,
        topic: str = RAW,
        minute: int | None = None,
        event_id: str | None = None,
        dataref: bool = False,
        declared: Declared | None = None,
    ) -> StoredRecord:
        """Return a push as the record that the log hands out; content None retracts."""
        self.offset += 1
        data = content.encode() if isinstance(content, str) else content or b""
        sha256 = hashlib.sha256(data).hexdigest()
        bulletin = identity.bulletin_id(office, document, sha256)
        operation = "retract" if content is None else "publish"
        received = START + timedelta(minutes=self.offset if minute is None else minute)
        push_id = identity.push_id(
            bulletin=bulletin, operation=operation, content_sha256=sha256, media_type="text/plain", charset=None,
            declared=declared or Declared(), revert=revert, idempotency_key=key,
        )  # fmt: skip
        push = RawPush(
            push_id=push_id, bulletin_id=bulletin, operation=operation, office=office, document_id=document,
            source=document, content=None if dataref else data, dataref=self.payloads.put(data) if dataref else None,
            sha256=sha256, received_at=received, revert=revert, declared=declared or Declared(),
        )  # fmt: skip
        return self.stored(raw_record(push, event_id=event_id or f"event {self.offset}"), topic)

    def stored(self, record: Record, topic: str) -> StoredRecord:
        at = int((START + timedelta(minutes=self.offset, seconds=1)).timestamp() * 1000)
        return StoredRecord(topic, 0, self.offset, at, record.key, record.value, record.headers)

    def handle(self, *records: StoredRecord) -> Sequence[Outcome]:
        return self.normalizer(records)

    def one(self, record: StoredRecord) -> Outcome:
        return self.handle(record)[0]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, Desk())


@pytest.fixture
def new_stage() -> Callable[[Path], Stage]:
    """Return a stage of its own over a folder."""
    return lambda folder: Stage(folder, Desk())


def outputs(outcome: Outcome) -> Sequence[Record]:
    assert isinstance(outcome, Emit | Skip), repr(outcome)
    return outcome.records


def event_of(outcome: Outcome) -> NormalizedBulletin:
    (record,) = [record for record in outputs(outcome) if record.topic == NORMALIZED]
    return NormalizedBulletin.model_validate_json(record.value or b"")


def status_of(outcome: Outcome) -> StageStatus:
    record = outputs(outcome)[-1]
    return StageStatus.model_validate_json(record.value or b"")


@pytest.fixture
def read() -> Callable[[Outcome], tuple[object, ...]]:
    """Return what an outcome says: state, revision and code of its status."""

    def say(outcome: Outcome) -> tuple[object, ...]:
        if isinstance(outcome, Exception):
            return (type(outcome).__name__, getattr(outcome, "code", str(outcome)))
        if not outcome.records:
            return (outcome.reason,) if isinstance(outcome, Skip) else ()
        status = status_of(outcome)
        return (status.state, status.revision, status.detail.code if status.detail else None)

    return say


@pytest.fixture
def event() -> Callable[[Outcome], NormalizedBulletin]:
    return event_of


@pytest.fixture
def status() -> Callable[[Outcome], StageStatus]:
    return status_of


@pytest.fixture
def text_of() -> Callable[[int], str]:
    """Return a bulletin's text of its own for each number."""

    def make(number: int) -> str:
        words = json.dumps(number * 7919 + 13)
        return "\n".join(
            f"{hashlib.sha256(f'{words} {line}'.encode()).hexdigest().translate(HAN)}，共{number + line}个。"
            for line in range(8)
        )

    return make


HAN = str.maketrans("0123456789abcdef", "天地玄黄宇宙洪荒日月盈昃辰宿列张")
