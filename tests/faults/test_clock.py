"""A clock that jumps, back or forward: order and revisions go by the log, nothing young is deleted, and it is said."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from log_engines import poll_until, record

from jianbao_contracts import Office, OfficeKey, Receipt
from jianbao_contracts.topics import Topic, catalogue
from jianbao_ingest.adapters.sqlite_receipts import SqliteReceipts
from jianbao_ingest.domain.keys import holder_of
from jianbao_ingest.domain.receipts import PushFacts
from jianbao_normalize.domain.decisions import Document
from jianbao_normalize.domain.revisions import Arrival, decide
from jianbao_standalone.supervisor.clock_watch import ClockWatch, tell_behind, tell_jump
from jianbao_streaming.engine import ORPHAN_S, Cleaner, newest_append, open_embedded
from jianbao_streaming.payload_folder import FolderPayloads
from jianbao_streaming.sqlite import DATABASE, connect, select
from jianbao_streaming.sqlite.retention import clean
from jianbao_streaming.sqlite.rows import LONGEST_STEP_MS, steady_time

TODAY = datetime(2026, 11, 22, 8, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)


@dataclass
class SetClock:
    """A clock that shows what it is set to."""

    wall: datetime = TODAY
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


def topic(days: int) -> Topic:
    example = next(iter(catalogue().values()))
    return example.model_copy(update={"name": "t", "cleanup": "delete", "retention_days": days})


def kept(folder: Path, moments: list[datetime], cleaned_at: datetime, days: int = 30) -> list[str]:
    """Append a record at each of these moments, clean at another; return the keys that are still there."""
    clock = SetClock()
    engine = open_embedded(folder, clock=clock)
    for number, moment in enumerate(moments):
        clock.wall = moment
        engine.log.append([record("t", str(number))])
    connection = connect(folder / DATABASE)
    clean(connection, [topic(days)], cleaned_at)
    return [key.decode() for (key,) in select(connection, "SELECT key FROM log_record ORDER BY offset")]


def every_day(first: datetime, days: int) -> list[datetime]:
    return [first + number * DAY for number in range(days)]


def test_with_a_steady_clock_old_records_go_and_young_ones_stay(tmp_path: Path) -> None:
    left = kept(tmp_path, every_day(TODAY, 100), TODAY + 99 * DAY)
    assert left == [str(number) for number in range(69, 100)]


@pytest.mark.parametrize("jump", [-20 * YEAR, -DAY, -timedelta(hours=1)])
def test_records_written_after_the_clock_went_back_are_not_taken_for_old(tmp_path: Path, jump: timedelta) -> None:
    moments = [*every_day(TODAY, 10), *every_day(TODAY + 10 * DAY + jump, 10)]
    assert len(kept(tmp_path, moments, TODAY + 20 * DAY)) == 20


def test_records_of_a_first_day_in_1970_are_not_taken_for_old_once_the_clock_is_set(tmp_path: Path) -> None:
    moments = [datetime(1970, 1, 1, 0, minute, tzinfo=UTC) for minute in range(1, 6)]
    assert len(kept(tmp_path, [*moments, TODAY], TODAY)) == 6


@pytest.mark.parametrize("appended_meanwhile", [0, 1, 5])
def test_a_clock_that_went_forward_by_a_year_deletes_nothing_that_is_young(
    tmp_path: Path, appended_meanwhile: int
) -> None:
    moments = [*every_day(TODAY, 5), *[TODAY + YEAR] * appended_meanwhile]
    assert len(kept(tmp_path, moments, TODAY + YEAR)) == 5 + appended_meanwhile


def test_a_record_from_the_future_does_not_keep_later_ones_for_ever(tmp_path: Path) -> None:
    moments = [TODAY + YEAR, *every_day(TODAY, 100)]
    left = kept(tmp_path, moments, TODAY + 99 * DAY)
    assert left == [str(number) for number in range(70, 101)]


def test_steady_time_follows_the_clock_and_takes_a_jump_for_a_weekend_at_most() -> None:
    assert steady_time(5_000, 0, 0) == 5_000
    assert steady_time(6_000, 5_000, 5_000) == 6_000
    assert steady_time(4_000, 6_000, 6_000) == 6_000
    assert steady_time(10**15, 6_000, 6_000) == 6_000 + LONGEST_STEP_MS


def test_order_and_offsets_go_by_the_log_whatever_the_clock_shows(tmp_path: Path) -> None:
    clock = SetClock()
    engine = open_embedded(tmp_path, clock=clock)
    for number, jump in enumerate([timedelta(0), -YEAR, YEAR, -2 * YEAR]):
        clock.wall = TODAY + jump
        engine.log.append([record("t", "k", str(number).encode())])
    member = engine.log.join("g", ["t"])
    assert [(one.offset, one.value) for one in poll_until(member, 4)] == [(0, b"0"), (1, b"1"), (2, b"2"), (3, b"3")]


def test_a_payload_just_written_survives_a_clock_that_went_forward(tmp_path: Path) -> None:
    clock = SetClock()
    engine = open_embedded(tmp_path)
    cleaner = Cleaner(tmp_path, clock)
    name = engine.payloads.put(b"written, and about to be referred to")
    assert cleaner.clean() == (0, 0)
    clock.wall += YEAR
    clock.seconds += 60
    assert cleaner.clean() == (0, 0)
    assert engine.payloads.get(name)


def test_a_payload_that_is_written_again_is_young_again(tmp_path: Path) -> None:
    clock = SetClock()
    engine = open_embedded(tmp_path)
    cleaner = Cleaner(tmp_path, clock)
    name = engine.payloads.put(b"content")
    cleaner.clean()
    assert engine.payloads.put(b"content") == name
    clock.seconds += ORPHAN_S
    assert cleaner.clean() == (0, 0)
    clock.seconds += ORPHAN_S
    assert cleaner.clean() == (0, 1)


def test_no_payload_is_deleted_that_was_written_again_after_the_look_at_it(tmp_path: Path) -> None:
    payloads = FolderPayloads(tmp_path)
    name = payloads.put(b"content")
    os.utime(tmp_path / name[:2] / name, (1, 1))
    ((path, seen),) = payloads.orphans(lambda _: False).items()
    assert payloads.put(b"content") == name
    assert not payloads.delete(path, seen)
    assert payloads.get(name) == b"content"
    ((path, seen),) = payloads.orphans(lambda _: False).items()
    assert payloads.delete(path, seen)
    assert not payloads.delete(path, seen), "it is gone"


def arrival(number: int, received_at: datetime, place: str = "bulletins.raw/0") -> Arrival:
    return Arrival(f"push {number}", f"event {number}", "publish", f"content {number}", received_at, place)


def test_revisions_of_a_partition_go_by_the_log_though_received_at_goes_back() -> None:
    document = Document("office.a")
    for number, moment in enumerate([TODAY, TODAY - YEAR, TODAY + YEAR, TODAY], 1):
        decision = decide(document, arrival(number, moment))
        document = decision.document
        assert (decision.entry.number, decision.verdict) == (number, "revision")


def facts(number: int, received_at: datetime) -> PushFacts:
    return PushFacts(f"{number:032x}", f"office.{1:032x}", "office", "publish", "a.txt", received_at)


def test_paging_through_receipts_shows_each_once_though_the_clock_went_back(tmp_path: Path) -> None:
    receipts = SqliteReceipts(connect(tmp_path / DATABASE))
    moments = [TODAY, TODAY + timedelta(seconds=1), TODAY - YEAR, TODAY - YEAR, TODAY + YEAR, TODAY]
    receipts.record([facts(number, moment) for number, moment in enumerate(moments)], [])
    seen: list[Receipt] = []
    while page := receipts.receipts(
        "office", since=None, states=(), before=(seen[-1].received_at, seen[-1].push_id) if seen else None, most=2
    ):
        seen += page
    assert sorted(one.push_id for one in seen) == [f"{number:032x}" for number in range(6)]
    assert [one.received_at for one in seen] == sorted(moments, reverse=True)


def test_a_push_recorded_again_after_the_clock_went_back_is_still_one_receipt(tmp_path: Path) -> None:
    receipts = SqliteReceipts(connect(tmp_path / DATABASE))
    receipts.record([facts(1, TODAY)], [])
    receipts.record([facts(1, TODAY - YEAR)], [])
    assert len(receipts.receipts("office", since=None, states=(), before=None, most=10)) == 1


def test_a_revoked_key_stays_revoked_though_the_clock_went_back() -> None:
    key = b"the key of an office"
    held = OfficeKey(sha256=hashlib.sha256(key).hexdigest(), created_at=TODAY - DAY, revoked_at=TODAY)
    office = Office(office="a", name="a", keys=[held], changed_at=TODAY)
    holder = holder_of(key, [office], TODAY - YEAR)
    assert holder is not None
    assert holder.revoked


def watch() -> tuple[SetClock, Callable[[], timedelta | None]]:
    clock = SetClock()
    return clock, ClockWatch(clock.now, clock.monotonic).jump


def test_a_jump_is_seen_once_and_slow_drift_and_time_that_passes_are_none() -> None:
    clock, jump = watch()
    clock.wall += timedelta(hours=5)
    clock.seconds += 5 * 3600
    assert jump() is None, "it slept"
    clock.wall += timedelta(seconds=30)
    assert jump() is None, "a time service at work"
    clock.wall -= timedelta(hours=3)
    assert jump() == -timedelta(hours=3)
    assert jump() is None
    clock.wall += 400 * DAY
    assert jump() == 400 * DAY


def test_the_operator_is_told_of_a_jump_and_what_to_do() -> None:
    line = tell_jump(-timedelta(hours=3, minutes=20))
    assert "jumped back by 3 h 20 min" in line
    assert "Nothing is lost by it" in line
    assert "timedatectl" in line
    assert "jumped forward by 2 d" in tell_jump(2 * DAY)


def test_the_operator_is_told_at_the_start_that_the_clock_stands_before_the_records(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path, clock=SetClock(TODAY))
    assert newest_append(tmp_path) is None
    engine.log.append([record("t", "k")])
    newest = newest_append(tmp_path)
    assert newest == TODAY
    assert tell_behind(newest, TODAY + DAY) is None
    line = tell_behind(newest, TODAY - DAY)
    assert line is not None
    assert "stands 1 d before the newest record (2026-11-22 08:00 UTC)" in line
