"""Group commit: who waits for the log shares an append, hears of its failure, and never waits for ever."""

from __future__ import annotations

import asyncio
import threading

import pytest

from jianbao_ingest.adapters.group_commit import GroupCommit
from jianbao_ingest.metrics import IngestMetrics
from jianbao_streaming import FatalError, LogUnavailableError, Record


class GatedLog:
    """A log whose appends wait at a gate, and then do what they are told."""

    def __init__(self) -> None:
        self.gate, self.begun = threading.Semaphore(0), threading.Semaphore(0)
        self.appends: list[list[bytes]] = []
        self.refuse = lambda records: None

    def append(self, records):
        self.begun.release()
        assert self.gate.acquire(timeout=20)
        self.refuse(records)
        self.appends.append([record.key for record in records])


def one(name: bytes, size: int = 1) -> list[Record]:
    return [Record("t", name, b"x" * size)]


async def begun(log: GatedLog) -> None:
    await asyncio.to_thread(log.begun.acquire)


@pytest.fixture
def log():
    return GatedLog()


@pytest.fixture
def commit(log):
    opened: list[GroupCommit] = []

    def build(**options) -> GroupCommit:
        opened.append(GroupCommit(log, IngestMetrics(), **options))
        return opened[-1]

    yield build
    log.gate.release(1000)
    for each in opened:
        each.close()


def test_requests_that_arrive_during_an_append_share_the_next_one(log, commit):
    async def scenario():
        appender = commit()
        first = asyncio.create_task(appender.append(one(b"0")))
        await begun(log)
        others = [asyncio.create_task(appender.append(one(b"%d" % n))) for n in range(1, 6)]
        await asyncio.sleep(0)
        assert not first.done(), "nobody is answered before the log has it"
        log.gate.release(2)
        await asyncio.gather(first, *others)

    asyncio.run(scenario())
    assert log.appends == [[b"0"], [b"1", b"2", b"3", b"4", b"5"]]


def test_a_log_that_is_away_is_told_to_everyone_who_waits(log, commit):
    def away(records):
        raise LogUnavailableError("disk full")

    async def scenario():
        appender = commit()
        log.refuse = away
        log.gate.release(10)
        return await asyncio.gather(*(appender.append(one(b"%d" % n)) for n in range(3)), return_exceptions=True)

    answers = asyncio.run(scenario())
    assert [type(answer) for answer in answers] == [LogUnavailableError] * 3
    assert log.appends == []


def test_a_record_that_the_log_cannot_take_spoils_no_other(log, commit):
    def picky(records):
        if any(record.key == b"bad" for record in records):
            raise ValueError("too big")

    async def scenario():
        appender = commit()
        log.refuse = picky
        first = asyncio.create_task(appender.append(one(b"0")))
        await begun(log)
        names = [b"1", b"bad", b"2"]
        others = [asyncio.create_task(appender.append(one(name))) for name in names]
        await asyncio.sleep(0)
        log.gate.release(10)
        return await asyncio.gather(first, *others, return_exceptions=True)

    answers = asyncio.run(scenario())
    assert [type(answer).__name__ for answer in answers] == ["NoneType", "NoneType", "ValueError", "NoneType"]
    assert log.appends == [[b"0"], [b"1"], [b"2"]]


def test_a_log_that_hangs_is_told_at_the_deadline_and_what_was_not_begun_is_taken_back(log, commit):
    async def scenario():
        appender = commit(deadline_s=0.05)
        stuck = asyncio.create_task(appender.append(one(b"stuck")))
        await begun(log)
        waiting = asyncio.create_task(appender.append(one(b"waiting")))
        answers = await asyncio.gather(stuck, waiting, return_exceptions=True)
        assert [type(answer) for answer in answers] == [LogUnavailableError] * 2
        log.gate.release(10)
        after = commit()
        await after.append(one(b"after"))

    asyncio.run(scenario())
    assert [b"waiting"] not in log.appends
    assert [b"stuck"] in log.appends


def test_too_much_that_waits_is_refused_at_once(log, commit):
    async def scenario():
        appender = commit(most_waiting_bytes=100)
        begun_one = asyncio.create_task(appender.append(one(b"0", 80)))
        await begun(log)
        waiting = asyncio.create_task(appender.append(one(b"1", 80)))
        await asyncio.sleep(0)
        with pytest.raises(LogUnavailableError, match="wait"):
            await appender.append(one(b"2", 80))
        log.gate.release(10)
        await asyncio.gather(begun_one, waiting)

    asyncio.run(scenario())
    assert log.appends == [[b"0"], [b"1"]]


def test_a_large_group_is_split_so_that_stages_get_their_turn(log, commit):
    async def scenario():
        appender = commit()
        tasks = [asyncio.create_task(appender.append(one(b"0")))]
        await begun(log)
        tasks += [asyncio.create_task(appender.append([Record("t", b"%d" % n, b"x")] * 300)) for n in range(1, 4)]
        await asyncio.sleep(0)
        log.gate.release(10)
        await asyncio.gather(*tasks)

    asyncio.run(scenario())
    assert [len(append) for append in log.appends] == [1, 300, 300, 300]


def test_closing_appends_what_waits_and_takes_no_more(log, commit):
    async def scenario():
        appender = commit()
        first = asyncio.create_task(appender.append(one(b"0")))
        await begun(log)
        second = asyncio.create_task(appender.append(one(b"1")))
        await asyncio.sleep(0)
        closing = asyncio.create_task(asyncio.to_thread(appender.close))
        log.gate.release(10)
        await asyncio.gather(first, second, closing)
        with pytest.raises(LogUnavailableError, match="stopping"):
            await appender.append(one(b"2"))

    asyncio.run(scenario())
    assert log.appends == [[b"0"], [b"1"]]


def test_a_fatal_error_stops_the_process(log, commit):
    def fenced(records):
        raise FatalError("fenced")

    fatal = threading.Event()

    async def scenario():
        appender = commit(on_fatal=fatal.set)
        log.refuse = fenced
        log.gate.release(10)
        with pytest.raises(FatalError):
            await appender.append(one(b"0"))

    asyncio.run(scenario())
    assert fatal.wait(5)
