"""Normalize over the embedded engine: the same stores, topics and offsets as in production, without the processes."""

from __future__ import annotations

from uuid import uuid4

import pytest

from jianbao_contracts import NormalizedBulletin, Office, StageStatus
from jianbao_contracts.topics import NORMALIZED, STATUS
from jianbao_normalize.bootstrap import NAME, TOPICS, normalizer
from jianbao_normalize.offline import OFFICE, InputFile, push_of
from jianbao_streaming import Emit, Skip
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import Engine, open_embedded
from jianbao_streaming.events import office_record, raw_record

CLOCK = SystemClock()


@pytest.fixture
def engine(tmp_path):
    engine = open_embedded(tmp_path)
    yield engine
    engine.close()


def push(engine: Engine, *files: InputFile) -> None:
    engine.log.append([raw_record(push_of(file, CLOCK), event_id=str(uuid4())) for file in files])


def values(engine: Engine, topic: str) -> list[bytes]:
    reader = engine.log.reader([topic])
    records = reader.poll(1000, 0.1)
    reader.close()
    return [record.value or b"" for record in records]


def step(engine: Engine, tmp_path, *, crash: bool) -> list[object]:
    """Handle what waits with a new process; `crash`: it dies before it commits."""
    member = engine.log.join(NAME, TOPICS)
    records = member.poll(100, 1.0)
    outcomes = normalizer(engine, tmp_path, CLOCK)(records)
    if not crash:
        outputs = [out for outcome in outcomes if isinstance(outcome, Emit | Skip) for out in outcome.records]
        member.commit(records, outputs)
    member.close()
    return list(outcomes)


def test_a_crash_before_the_commit_leaves_each_event_once_and_as_it_would_have_been(engine, tmp_path, text_of):
    push(engine, *(InputFile(f"{n}", text_of(n // 2).encode()) for n in range(10)))
    lost = [step(engine, tmp_path, crash=True) for _ in range(3)]
    kept = step(engine, tmp_path, crash=False)
    assert lost == [kept, kept, kept]
    events = [NormalizedBulletin.model_validate_json(value) for value in values(engine, NORMALIZED)]
    assert sorted(event.sequence for event in events) == list(range(1, 11))
    assert len({(event.bulletin_id, event.revision) for event in events}) == 10
    assert sum(event.duplicate_of is None for event in events) == 5


def test_an_office_that_rejects_duplicates_is_followed_through_its_topic(engine, tmp_path, text_of):
    engine.log.append([office_record(Office(office=OFFICE, name="本机", duplicates="reject", changed_at=CLOCK.now()))])
    push(engine, InputFile("a", text_of(1).encode()), InputFile("b", text_of(1).encode()))
    step(engine, tmp_path, crash=False)
    states = [StageStatus.model_validate_json(value).state for value in values(engine, STATUS)]
    assert states == ["normalized", "rejected"]
    assert len(values(engine, NORMALIZED)) == 1
