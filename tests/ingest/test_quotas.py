"""How many pushes an office may make a Beijing day."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from jianbao_contracts import Office, OfficeKey, RawPush, identity
from jianbao_ingest.domain.problems import ProblemError
from jianbao_ingest.quotas import LONGEST_LAG_S, RECOUNT_S, Quotas, midnight
from jianbao_streaming.events import office_record

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""Noon in Beijing."""


class StandingClock:
    seconds = 0.0

    def now(self):
        return NOON

    def monotonic(self):
        return self.seconds

    def wait(self, seconds):
        self.seconds += seconds


class Receipts:
    """What replicas share: publications by push id, with when they were received."""

    def __init__(self) -> None:
        self.known: dict[str, datetime] = {}
        self.counts = 0

    async def count(self, office, since, most, push_ids):
        self.counts += 1
        await asyncio.sleep(0)
        today = sum(received >= since for received in self.known.values())
        return min(today, most), {one for one in push_ids if one in self.known}


def push(number: int, at: datetime = NOON, operation: str = "publish") -> RawPush:
    return RawPush(
        push_id=f"{number:032x}",
        bulletin_id=identity.bulletin_id("o", str(number), ""),
        operation=operation,
        office="o",
        content=b"",
        sha256=hashlib.sha256(b"").hexdigest(),
        received_at=at,
    )


def office(quota: int | None) -> Office:
    return Office(office="o", name="o", quota_per_day=quota, changed_at=NOON)


@pytest.fixture
def receipts():
    return Receipts()


@pytest.fixture
def clock():
    return StandingClock()


def let_in(quotas: Quotas, quota: int | None, *pushes: RawPush) -> list[int]:
    """The numbers of the pushes that are let in, all asked for at once."""

    async def one(wanted: RawPush) -> bool:
        try:
            await quotas.let_in(office(quota), wanted)
        except ProblemError as error:
            return error.problem.code != "quota_used_up"
        return True

    async def every() -> list[bool]:
        return await asyncio.gather(*(one(wanted) for wanted in pushes))

    return [int(wanted.push_id, 16) for wanted, good in zip(pushes, asyncio.run(every()), strict=True) if good]


def test_as_many_as_the_quota_says_are_let_in_also_when_all_come_at_once(receipts, clock):
    assert len(let_in(Quotas(receipts.count, clock), 3, *map(push, range(10)))) == 3


def test_what_has_a_receipt_by_now_is_counted_once(receipts, clock):
    quotas = Quotas(receipts.count, clock)
    for number in range(5):
        expected = [number] if number < 3 else []
        assert let_in(quotas, 3, push(number)) == expected
        if expected:
            receipts.known[push(number).push_id] = NOON


def test_a_push_that_is_sent_again_is_let_in_however_many_there_were(receipts, clock):
    receipts.known = {push(number).push_id: NOON for number in range(3)}
    quotas = Quotas(receipts.count, clock)
    assert let_in(quotas, 3, push(7)) == []
    assert let_in(quotas, 3, push(1)) == [1]


def test_a_retraction_is_always_let_in_and_without_a_quota_nothing_is_counted(receipts, clock):
    receipts.known = {push(number).push_id: NOON for number in range(3)}
    quotas = Quotas(receipts.count, clock)
    assert let_in(quotas, 1, push(9, operation="retract")) == [9]
    assert let_in(quotas, None, push(10)) == [10]
    assert receipts.counts == 0


def test_a_day_begins_at_midnight_in_beijing(receipts, clock):
    late, early = datetime(2026, 11, 22, 15, 59, tzinfo=UTC), datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    quotas = Quotas(receipts.count, clock)
    assert let_in(quotas, 1, push(1, late)) == [1]
    assert let_in(quotas, 1, push(2, late)) == []
    assert let_in(quotas, 1, push(3, early)) == [3]
    assert midnight(early) == early


def test_a_count_is_kept_while_there_is_room_and_taken_anew_after_a_while(receipts, clock):
    quotas = Quotas(receipts.count, clock)
    assert let_in(quotas, 100, *map(push, range(20))) == list(range(20))
    assert let_in(quotas, 100, *map(push, range(20, 40))) == list(range(20, 40))
    taken_at_first = receipts.counts
    assert let_in(quotas, 100, push(40)) == [40]
    assert receipts.counts == taken_at_first
    receipts.known = {f"{number:032}": NOON for number in range(100)}  # by another replica
    clock.wait(RECOUNT_S + 1)
    assert let_in(quotas, 100, push(99_999)) == []


def test_what_never_got_a_receipt_is_not_held_against_the_office_for_ever(receipts, clock):
    quotas = Quotas(receipts.count, clock)
    assert let_in(quotas, 1, push(1)) == [1]  # and then the log did not take it
    assert let_in(quotas, 1, push(2)) == []
    clock.wait(LONGEST_LAG_S)
    assert let_in(quotas, 1, push(2)) == [2]


def test_over_http_the_refusal_says_when_to_come_back_and_others_go_on(ingest):
    sha256 = hashlib.sha256(b"k").hexdigest()
    now = datetime.now(UTC)
    limited = Office(
        office="limited", name="l", keys=[OfficeKey(sha256=sha256, created_at=now)], quota_per_day=2, changed_at=now
    )
    ingest.engine.log.append([office_record(limited)])
    ingest.key = "k"
    first = ingest.push(b"1")
    assert first.status_code == 202
    items = ingest.batch({"content": "2"}, {"content": "3"}, {"operation": "retract", "document_id": "x"}).json()[
        "items"
    ]
    assert [item["status"] for item in items] == [202, 429, 202]
    ingest.keep_receipts()
    refused = ingest.push(b"4")
    assert (refused.status_code, refused.json()["code"]) == (429, "quota_used_up")
    assert 0 < int(refused.headers["retry-after"]) <= timedelta(days=1).total_seconds()
    assert "2 份" in refused.json()["detail"]
    assert ingest.push(b"1").json() == first.json()
    ingest.key = "hubei-key"
    assert ingest.push(b"5").status_code == 202
