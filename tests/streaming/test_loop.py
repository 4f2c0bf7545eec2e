"""The outcome table, row by row, over a real engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from log_engines import LogEngine, poll_until, record

from jianbao_contracts import topics
from jianbao_streaming import (
    BatchHandler,
    Emit,
    FatalError,
    InvalidEvent,
    Log,
    LogUnavailableError,
    Record,
    Skip,
    StartOverError,
    StoredRecord,
    TransientError,
    each,
)
from jianbao_streaming.claim_check import LARGEST_VALUE
from jianbao_streaming.dead_letters import replay
from jianbao_streaming.engine import Engine
from jianbao_streaming.isolation import MOST_DEATHS
from jianbao_streaming.limit import DeadLetterLimit
from jianbao_streaming.loop import StageLoop
from jianbao_streaming.metrics import StageMetrics
from jianbao_streaming.stage import dead_letter_status


@dataclass
class StillClock:
    """A clock that stands, and notes how long it was asked to wait."""

    waited: list[float] = field(default_factory=list)
    when_waiting: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.when_waiting()


@dataclass
class Stage:
    """A stage under test: `group` reads `source` and writes `target`."""

    engine: Engine
    group: str
    source: str
    target: str
    clock: StillClock = field(default_factory=StillClock)
    stopping: threading.Event = field(default_factory=threading.Event)
    metrics: StageMetrics = field(default_factory=lambda: StageMetrics("test"))

    @property
    def log(self) -> Log:
        return self.engine.log

    def loop(self, handler: BatchHandler, limit: DeadLetterLimit | None = None) -> StageLoop:
        return StageLoop(
            name=self.group,
            member=self.log.join(self.group, [topics.retries_of(self.group), self.source]),
            handler=handler,
            payloads=self.engine.payloads,
            attempts=self.engine.attempts,
            clock=self.clock,
            service_version="1.2.3",
            status_of=dead_letter_status("extract", self.clock),
            metrics=self.metrics,
            stopping=self.stopping,
            limit=limit or DeadLetterLimit(),
            poll_timeout_s=0.05,
        )

    def copy(self, stored: StoredRecord) -> Emit:
        return Emit([Record(self.target, stored.key, stored.value, (), stored.key)])

    def outputs(self) -> list[bytes | None]:
        return read_all(self.log, self.target)

    def dead_letters(self) -> list[StoredRecord]:
        return records_of(self.log, topics.dead_letters_of(self.group))


def records_of(log: Log, topic: str) -> list[StoredRecord]:
    wanted = log.end(topic)
    reader = log.reader([topic])
    found = poll_until(reader, wanted) if wanted else []
    reader.close()
    return found


def read_all(log: Log, topic: str) -> list[bytes | None]:
    return [r.value for r in records_of(log, topic)]


@pytest.fixture
def stage(engine: LogEngine) -> Stage:
    return Stage(engine.engine(), engine.topic(), engine.topic(), engine.topic())


def push(stage: Stage, *values: bytes, **headers: str) -> None:
    stage.log.append([record(stage.source, "key", value, **headers) for value in values])


def drain(stage: Stage, loop: StageLoop) -> None:
    """Step until everything the stage may read is committed."""
    for _ in range(200):
        loop.step()
        if loop.member.active and loop.member.lag() == 0:
            return
    raise AssertionError("the stage is stuck")


def test_what_a_handler_emits_is_written_with_the_offset(stage: Stage) -> None:
    push(stage, b"1", b"2")
    drain(stage, stage.loop(each(stage.copy)))
    assert stage.outputs() == [b"1", b"2"]
    assert stage.log.committed(stage.group, stage.source) == 2


def test_a_skip_writes_its_status_and_is_counted_by_reason(stage: Stage) -> None:
    push(stage, b"1")
    drain(stage, stage.loop(each(lambda r: Skip("repeated_content", [record(stage.target, "k", b"status")]))))
    assert stage.outputs() == [b"status"]
    assert stage.dead_letters() == []
    assert counted(stage, "jianbao_reasons_total", reason="repeated_content") == 1


def counted(stage: Stage, name: str, **labels: str) -> float | None:
    return stage.metrics.registry.get_sample_value(name, {"stage": "test", **labels})


def test_a_bad_record_becomes_a_dead_letter_untouched_and_its_neighbours_are_handled(stage: Stage) -> None:
    def handle(stored: StoredRecord) -> Emit:
        if stored.value == b"\xffbad":
            raise InvalidEvent("not_text", "bytes that are no text")
        return stage.copy(stored)

    push(stage, b"before", traceparent="00-1-2-01")
    identity = {
        "ce_pushid": "a" * 32,
        "ce_office": "hubei-wmb",
        "ce_subject": f"hubei-wmb.{'b' * 32}",
        "ce_revision": "3",
    }
    push(stage, b"\xffbad", **identity)
    push(stage, b"after")
    drain(stage, stage.loop(each(handle)))
    assert stage.outputs() == [b"before", b"after"]
    (letter,) = stage.dead_letters()
    assert (letter.key, letter.value) == (b"key", b"\xffbad")
    told = dict(letter.headers)
    assert told["ce_office"] == b"hubei-wmb"
    assert told["dlq-origin-topic"] == stage.source.encode()
    assert (told["dlq-origin-offset"], told["dlq-origin-partition"]) == (b"1", b"0")
    assert (told["dlq-stage"], told["dlq-service-version"]) == (stage.group.encode(), b"1.2.3")
    assert (told["dlq-error-type"], told["dlq-code"]) == (b"InvalidEvent", b"not_text")
    assert told["dlq-reason"] == b"bytes that are no text"
    (status,) = [s for s in records_of(stage.log, topics.STATUS) if s.header("ce_pushid") == "a" * 32]
    assert b'"state":"dead_lettered"' in (status.value or b"")
    assert b'"code":"not_text"' in (status.value or b"")
    assert b'"revision":3' in (status.value or b"")


def test_a_world_that_heals_costs_time_and_nothing_else(stage: Stage) -> None:
    tries: list[int] = []

    def handle(batch: Sequence[StoredRecord]) -> list[Emit]:
        tries.append(len(batch))
        if len(tries) < 4:
            raise TransientError("the server is away")
        return [stage.copy(stored) for stored in batch]

    push(stage, b"1", b"2")
    drain(stage, stage.loop(handle))
    assert tries == [2, 2, 2, 2]
    assert stage.outputs() == [b"1", b"2"]
    assert stage.dead_letters() == []
    first, second, third = stage.clock.waited
    assert 0.1 <= first <= 0.2 < second + third <= 1.2


def test_a_log_that_cannot_be_written_is_tried_again_with_the_same_outcome(stage: Stage) -> None:
    push(stage, b"1")
    loop = stage.loop(each(stage.copy))
    commit, refusals = loop.member.commit, iter([True, True, False])

    class Refusing:
        def __getattr__(self, name: str) -> object:
            return getattr(member, name)

        def commit(self, consumed: Sequence[StoredRecord], outputs: Sequence[Record]) -> None:
            if next(refusals):
                raise LogUnavailableError("disk full")
            commit(consumed, outputs)

    member = loop.member
    loop.member = Refusing()  # type: ignore[assignment]
    drain(stage, loop)
    assert stage.outputs() == [b"1"]


def test_a_stop_while_the_world_is_bad_gives_the_batch_back_and_is_no_death(stage: Stage) -> None:
    def handle(_batch: Sequence[StoredRecord]) -> list[Emit]:
        raise TransientError("away")

    push(stage, b"1")
    stage.clock.when_waiting = stage.stopping.set
    for _ in range(5):
        stopped = stage.loop(handle)
        stage.stopping.clear()
        while not stage.stopping.is_set():
            stopped.step()
        stopped.member.close()
    stage.stopping.clear()
    drain(stage, stage.loop(each(stage.copy)))
    assert stage.outputs() == [b"1"]
    assert stage.dead_letters() == []


def test_a_misconfigured_stage_ends_at_once_and_commits_nothing(stage: Stage) -> None:
    def handle(_batch: Sequence[StoredRecord]) -> list[Emit]:
        raise FatalError("no such index")

    push(stage, b"1")
    loop = stage.loop(handle)
    with pytest.raises(FatalError, match="no such index"):
        drain(stage, loop)
    assert stage.log.committed(stage.group, stage.source) == 0
    assert stage.dead_letters() == []


def test_a_bug_costs_one_record_even_where_it_spoils_the_whole_batch(stage: Stage) -> None:
    def handle(batch: Sequence[StoredRecord]) -> list[Emit]:
        return [stage.copy(stored) if stored.value != b"odd" else 1 / 0 for stored in batch]  # type: ignore[misc]

    push(stage, b"1", b"odd", b"2")
    drain(stage, stage.loop(handle))
    assert stage.outputs() == [b"1", b"2"]
    (letter,) = stage.dead_letters()
    assert letter.header("dlq-error-type") == "ZeroDivisionError"
    assert letter.header("dlq-code") == "internal_error"


def test_a_bad_release_stops_before_it_pours_the_topic_into_dead_letters(stage: Stage) -> None:
    def handle(_stored: StoredRecord) -> Emit:
        raise KeyError("bug in every record")

    push(stage, *[b"x"] * 50)
    with pytest.raises(FatalError, match="in a row"):
        drain(stage, stage.loop(each(handle), DeadLetterLimit(consecutive=10)))
    assert stage.log.committed(stage.group, stage.source) == 0
    assert stage.dead_letters() == []


def test_a_stage_that_the_limit_stops_again_and_again_blames_no_record_for_it(stage: Stage) -> None:
    def handle(_stored: StoredRecord) -> Emit:
        raise KeyError("bug in every record")

    push(stage, *[b"x"] * 50)
    for _ in range(MOST_DEATHS + 2):
        loop = stage.loop(each(handle), DeadLetterLimit(consecutive=10))
        with pytest.raises(FatalError, match="in a row"):
            drain(stage, loop)
        loop.member.close()
    assert stage.log.committed(stage.group, stage.source) == 0
    assert stage.dead_letters() == []


def test_many_bad_files_of_an_office_do_not_stop_a_stage(stage: Stage) -> None:
    def handle(_stored: StoredRecord) -> Emit:
        raise InvalidEvent("not_text", "a picture")

    push(stage, *[b"x"] * 50)
    drain(stage, stage.loop(each(handle), DeadLetterLimit(consecutive=10)))
    assert len(stage.dead_letters()) == 50


def test_a_share_of_bugs_above_the_ratio_stops_too() -> None:
    limit = DeadLetterLimit(consecutive=100, ratio=0.2, window=100)
    for _ in range(40):
        limit.note(bug=False)
    for _ in range(10):
        limit.note(bug=True)
    with pytest.raises(FatalError, match="11 of the latest 51"):
        limit.note(bug=True)


def test_after_a_poison_record_a_probe_gets_through(stage: Stage) -> None:
    def handle(stored: StoredRecord) -> Emit:
        if stored.value == b"poison":
            raise InvalidEvent("invalid_event", "poison")
        return stage.copy(stored)

    loop = stage.loop(each(handle))
    push(stage, b"poison")
    drain(stage, loop)
    push(stage, b"probe")
    drain(stage, loop)
    assert stage.outputs() == [b"probe"]
    assert len(stage.dead_letters()) == 1


def test_a_record_that_kills_its_process_is_isolated_and_the_rest_goes_on(engine: LogEngine) -> None:
    log, source, target = engine.log(), engine.topic(), engine.topic()
    before, after = [b"a1", b"a2", b"a3"], [b"z1", b"z2"]
    log.append([record(source, "k", value) for value in [*before, b"deadly", *after]])
    lives = 0
    while log.committed(source, source) < log.end(source):
        with engine.worker("deadly", source, source, target) as worker:
            worker.wait(timeout=60)
        lives += 1
        assert lives <= 8, "the record goes on killing"
    assert read_all(log, target) == [*before, *after]
    (letter,) = records_of(log, topics.dead_letters_of(source))
    assert letter.value == b"deadly"
    assert letter.header("dlq-code") == "kills_process"
    assert lives == 7  # three die of the batch, three of the record alone, the seventh goes on


def test_a_value_too_large_for_the_log_travels_as_a_claim_and_arrives_whole(stage: Stage) -> None:
    large = bytes(range(256)) * (LARGEST_VALUE // 256 + 1)
    push(stage, b"1")
    drain(stage, stage.loop(each(lambda r: Emit([record(stage.target, "k", large)]))))
    (claim,) = records_of(stage.log, stage.target)
    assert claim.value == b""
    reading = Stage(stage.engine, f"{stage.group}-2", stage.target, f"{stage.target}-2")
    seen: list[bytes | None] = []

    def look(stored: StoredRecord) -> Emit:
        seen.append(stored.value)
        return Emit([])

    drain(reading, reading.loop(each(look)))
    assert seen == [large]


def test_a_claim_whose_payload_is_gone_is_a_dead_letter_that_says_so(stage: Stage) -> None:
    push(stage, b"", dataref="0" * 64)
    push(stage, b"probe")
    drain(stage, stage.loop(each(stage.copy)))
    assert stage.outputs() == [b"probe"]
    (letter,) = stage.dead_letters()
    assert letter.header("dlq-code") == "content_missing"


def test_a_replayed_dead_letter_is_handled_by_its_stage_and_returns_only_once_if_it_fails_again(stage: Stage) -> None:
    mended = threading.Event()

    def handle(stored: StoredRecord) -> Emit:
        if mended.is_set():
            return stage.copy(stored)
        raise InvalidEvent("not_text", "still bad")

    loop = stage.loop(each(handle))
    push(stage, b"bad", ce_id="event-1")
    drain(stage, loop)
    stage.log.append([replay(stage.dead_letters()[0])])
    drain(stage, loop)
    first, second = stage.dead_letters()
    assert second.value == b"bad"
    assert second.header("ce_id") == "event-1"
    assert second.header("dlq-replays") == "1"
    assert second.header("dlq-origin-topic") == stage.source
    assert second.header("dlq-first-failed-at") == first.header("dlq-first-failed-at")
    mended.set()
    stage.log.append([replay(second)])
    drain(stage, loop)
    assert stage.outputs() == [b"bad"]
    assert len(stage.dead_letters()) == 2


def test_waiting_is_told_in_seconds_while_a_batch_is_tried_again_and_ends_with_it(stage: Stage) -> None:
    push(stage, b"1")
    told: list[float] = []
    appended = records_of(stage.log, stage.source)[0].timestamp / 1000

    class LaterClock(StillClock):
        def now(self) -> datetime:
            return datetime.fromtimestamp(appended + 90, UTC)

    def waited() -> float | None:
        return stage.metrics.registry.get_sample_value("jianbao_lag_seconds", {"stage": "test"})

    def handle(batch: Sequence[StoredRecord]) -> Sequence[Emit]:
        told.append(waited() or 0.0)
        if len(told) == 1:
            raise TransientError("away")
        return [Emit([]) for _ in batch]

    stage.clock = LaterClock()
    loop = stage.loop(handle)
    assert waited() == 0
    drain(stage, loop)
    assert [round(seconds) for seconds in told] == [90, 90]
    assert waited() == 0


def test_what_is_waited_out_is_told_until_it_has_healed(stage: Stage) -> None:
    push(stage, b"1")
    seen: list[dict[str, str] | None] = []

    def handle(batch: Sequence[StoredRecord]) -> Sequence[Emit]:
        seen.append(loop.trouble.last_error)
        if len(seen) == 1:
            raise TransientError("the disk is full")
        return [Emit([]) for _ in batch]

    loop = stage.loop(handle)
    drain(stage, loop)
    assert seen == [None, {"at": "2026-11-22T00:00:00.000+00:00", "message": "the disk is full"}]
    assert loop.trouble.last_error is None


def test_a_commit_of_unknown_outcome_is_never_repeated_from_memory(stage: Stage) -> None:
    push(stage, b"1", b"2")
    loop = stage.loop(each(stage.copy))
    member, commits = loop.member, []

    class Uncertain:
        def commit(self, consumed: Sequence[StoredRecord], outputs: Sequence[Record]) -> None:
            commits.append(len(consumed))
            member.commit(consumed, outputs)
            raise StartOverError("the answer was lost")

        def __getattr__(self, name: str) -> object:
            return getattr(member, name)

    loop.member = Uncertain()
    drain(stage, loop)
    assert commits == [2]
    assert stage.outputs() == [b"1", b"2"]
