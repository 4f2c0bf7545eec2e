"""What normalize keeps in memory of other topics: the offices' policies, and the dead letters given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from jianbao_contracts import DeadLetterAction, Office
from jianbao_normalize.adapters.followed import FollowedDrops, OfficePolicies
from jianbao_streaming import Record, StoredRecord
from jianbao_streaming.events import dead_letter_action_record, office_record
from jianbao_streaming.followed import REFRESH_S

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
PUSH = "ab" * 16


class FakeClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


class Topic:
    """A reader over a list; hands out a few records at a time."""

    def __init__(self) -> None:
        self.records: list[StoredRecord] = []
        self.read = 0

    def add(self, record: Record, value: bytes | None = b"as it is") -> None:
        body = record.value if value == b"as it is" else value
        self.records.append(StoredRecord(record.topic, 0, len(self.records), 0, record.key, body, record.headers))

    def poll(self, max_records: int, timeout: float) -> Sequence[StoredRecord]:
        found = self.records[self.read : self.read + min(max_records, 2)]
        self.read += len(found)
        return found

    def close(self) -> None: ...


def office(name: str, duplicates: str) -> Record:
    return office_record(Office(office=name, name=name, duplicates=duplicates, changed_at=NOW))


def act(action: str, push: str | None = PUSH, offset: int = 1, stage: str = "normalize") -> Record:
    return dead_letter_action_record(
        DeadLetterAction(stage=stage, partition=0, offset=offset, push_id=push, action=action, operator="root", at=NOW)
    )


@pytest.fixture
def topic() -> Topic:
    return Topic()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_the_latest_word_of_an_office_holds(topic, clock):
    for record in (office("a", "reject"), office("b", "accept"), office("a", "mark"), office("c", "reject")):
        topic.add(record)
    offices = OfficePolicies(topic, clock)
    assert [offices.policy(name) for name in ("a", "b", "c", "unknown")] == ["mark", "accept", "reject", "mark"]


def test_a_change_takes_effect_after_a_second_at_most(topic, clock):
    offices = OfficePolicies(topic, clock)
    assert offices.policy("a") == "mark"
    topic.add(office("a", "reject"))
    clock.wait(REFRESH_S)
    assert offices.policy("a") == "reject"
    topic.add(office("a", "reject"), value=None)
    clock.wait(REFRESH_S)
    assert offices.policy("a") == "mark"


def test_a_record_that_is_no_office_is_passed_over(topic, clock):
    topic.add(office("a", "reject"), value=b"{}")
    topic.add(office("b", "reject"))
    assert OfficePolicies(topic, clock).policy("b") == "reject"


def test_a_push_is_dropped_until_it_is_replayed_after_all(topic, clock):
    drops = FollowedDrops(topic, clock)
    assert not drops.dropped(PUSH)
    topic.add(act("drop"))
    topic.add(act("drop", push=None, offset=2))
    clock.wait(REFRESH_S)
    assert drops.dropped(PUSH)
    topic.add(act("replay"))
    clock.wait(REFRESH_S)
    assert not drops.dropped(PUSH)


def test_a_drop_counts_whichever_stage_it_is_of_but_not_one_of_a_reader(topic, clock):
    drops = FollowedDrops(topic, clock)
    topic.add(act("drop", stage="receipts"))
    assert not drops.dropped(PUSH)
    topic.add(act("drop", stage="search", offset=2))
    clock.wait(REFRESH_S)
    assert drops.dropped(PUSH)
    topic.add(act("replay", stage="receipts"))
    clock.wait(REFRESH_S)
    assert drops.dropped(PUSH)
