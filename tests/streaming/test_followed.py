"""Compacted topics kept in memory, over the real engine."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from jianbao_contracts import Office, topics
from jianbao_streaming import Record
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.events import office_record
from jianbao_streaming.followed import AT_ONCE, REFRESH_S, FollowedOffices

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class StandingClock:
    """A clock that stands until it is moved."""

    seconds = 0.0

    def now(self):
        return NOW

    def monotonic(self):
        return self.seconds

    def wait(self, seconds):
        self.seconds += seconds


@pytest.fixture
def log(tmp_path):
    engine = open_embedded(tmp_path / "data")
    yield engine.log
    engine.close()


def named(office: str, name: str) -> Record:
    return office_record(Office(office=office, name=name, changed_at=NOW))


def follow(log, clock=None) -> FollowedOffices:
    return FollowedOffices(log.reader([topics.OFFICES]), clock or StandingClock())


def test_the_first_use_reads_everything_however_much_there_is(log):
    log.append([named(f"o{number}", f"单位{number}") for number in range(AT_ONCE * 2 + 3)])
    offices = follow(log)
    offices.topic.catch_up()
    assert len(offices.known) == AT_ONCE * 2 + 3


def test_the_latest_word_holds_and_a_tombstone_removes(log):
    log.append([named("a", "旧名"), named("b", "乙"), named("a", "新名"), Record(topics.OFFICES, b"b", None)])
    offices = follow(log)
    offices.topic.catch_up()
    assert {office: known.name for office, known in offices.known.items()} == {"a": "新名"}


def test_a_change_is_seen_after_a_second_and_what_is_held_does_not_change(log):
    clock = StandingClock()
    offices = follow(log, clock)
    offices.topic.catch_up()
    held = offices.known
    log.append([named("a", "甲")])
    offices.topic.catch_up()
    assert offices.known == {}
    clock.wait(REFRESH_S)
    offices.topic.catch_up()
    assert (set(offices.known), held) == ({"a"}, {})


def test_what_is_no_office_is_passed_over(log):
    log.append([Record(topics.OFFICES, b"x", b"no json"), named("a", "甲")])
    offices = follow(log)
    offices.topic.catch_up()
    assert set(offices.known) == {"a"}


def test_several_threads_may_ask_at_once_and_all_wait_for_the_first_reading(log):
    log.append([named(f"o{number}", "单位") for number in range(1200)])
    offices = follow(log)
    seen: list[int] = []

    def ask():
        offices.topic.catch_up()
        seen.append(len(offices.known))

    asking = [threading.Thread(target=ask) for _ in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join(20)
    assert seen == [1200] * 8
