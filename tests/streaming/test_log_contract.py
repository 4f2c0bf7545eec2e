"""What every log engine must keep. Runs over all of `log_engines.ENGINES`, unchanged."""

from __future__ import annotations

import os
import signal

import pytest
from log_engines import LogEngine, poll_until, record

from jianbao_streaming import FencedError, Lag, Log, StoredRecord
from jianbao_streaming.events import appended_at


def values(log: Log, topic: str, wanted: int) -> list[bytes | None]:
    reader = log.reader([topic])
    try:
        return [r.value for r in poll_until(reader, wanted)]
    finally:
        reader.close()


def test_records_of_one_key_come_in_the_order_of_their_appends(engine: LogEngine) -> None:
    log, topic = engine.log(), engine.topic()
    for number in range(30):
        log.append([record(topic, f"key-{number % 3}", str(number).encode())])
    member = log.join(topic, [topic])
    seen: dict[bytes, list[int]] = {}
    for stored in poll_until(member, 30):
        seen.setdefault(stored.key, []).append(int(stored.value))
    assert all(numbers == sorted(numbers) for numbers in seen.values())
    assert sum(map(len, seen.values())) == 30
    member.close()


def test_a_record_comes_back_as_it_was_given(engine: LogEngine) -> None:
    log, topic = engine.log(), engine.topic()
    binary = bytes(range(256))
    log.append([record(topic, "full", binary, ce_id="标识"), record(topic, "full", b""), record(topic, "full", None)])
    first, empty, tombstone = poll_until(log.reader([topic]), 3)
    assert (first.key, first.value, first.header("ce_id")) == (b"full", binary, "标识")
    assert empty.value == b""
    assert tombstone.value is None


def test_outputs_and_offsets_are_committed_as_one(engine: LogEngine) -> None:
    log, source, target = engine.log(), engine.topic(), engine.topic()
    log.append([record(source, "k", b"1"), record(source, "k", b"2")])
    member = log.join(source, [source])
    batch = poll_until(member, 2)
    assert log.end(target) == 0
    member.commit(batch, [record(target, "k", b"out")])
    assert values(log, target, 1) == [b"out"]
    assert log.committed(source, source) == 2
    assert member.lag() == 0
    member.close()
    successor = log.join(source, [source])
    assert successor.poll(10, 0.2) == () or not successor.poll(10, 0.2)
    successor.close()


def test_a_commit_that_fails_writes_neither_outputs_nor_offsets(engine: LogEngine) -> None:
    log, source, target = engine.log(), engine.topic(), engine.topic()
    log.append([record(source, "k", b"1")])
    member = log.join(source, [source])
    batch = poll_until(member, 1)
    broken = record(target, "k", b"second")
    object.__setattr__(broken, "key", None)  # no log takes a record without a key
    with pytest.raises(Exception):  # noqa: B017 - which one is the engine's business
        member.commit(batch, [record(target, "k", b"first"), broken])
    assert log.end(target) == 0
    assert log.committed(source, source) == 0
    member.rewind()
    assert [r.value for r in poll_until(member, 1)] == [b"1"]
    member.close()


def test_an_append_is_all_or_nothing(engine: LogEngine) -> None:
    log, topic = engine.log(), engine.topic()
    broken = record(topic, "k", b"second")
    object.__setattr__(broken, "key", None)
    with pytest.raises(Exception):  # noqa: B017
        log.append([record(topic, "k", b"first"), broken])
    assert log.end(topic) == 0


def test_the_more_urgent_topic_is_read_first(engine: LogEngine) -> None:
    log, urgent, patient = engine.log(), engine.topic(), engine.topic()
    log.append([record(patient, "k", b"later")])
    log.append([record(urgent, "k", b"now")])
    member = log.join(urgent, [urgent, patient])
    assert [r.value for r in poll_until(member, 2)] == [b"now", b"later"]
    member.close()


def test_a_process_killed_between_poll_and_commit_loses_nothing(engine: LogEngine) -> None:
    log, topic = engine.log(), engine.topic()
    log.append([record(topic, "k", str(n).encode()) for n in range(5)])
    with engine.worker("hold", topic, topic) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == "holding 5\n"
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    member = log.join(topic, [topic])
    assert [r.value for r in poll_until(member, 5)] == [b"0", b"1", b"2", b"3", b"4"]
    member.close()


def test_kill_9_in_mid_batch_leaves_every_output_exactly_once(engine: LogEngine) -> None:
    log, source, target = engine.log(), engine.topic(), engine.topic()
    wanted = [str(n).encode() for n in range(500)]
    log.append([record(source, "k", value) for value in wanted])
    kills = 0
    while log.committed(source, source) < len(wanted):
        with engine.worker("copy", source, source, target) as worker:
            assert worker.stdout
            for _ in range(10 + kills * 3):  # at another place each time, with the next batch already under way
                worker.stdout.readline()
                if log.committed(source, source) >= len(wanted):
                    break
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            kills += 1
    assert kills >= 3
    assert log.end(target) == len(wanted)
    assert values(log, target, len(wanted)) == wanted


def test_a_standby_reads_nothing_while_the_owner_lives_and_takes_over_when_it_dies(engine: LogEngine) -> None:
    log, topic = engine.log(), engine.topic()
    log.append([record(topic, "k", b"1")])
    with engine.worker("hold", topic, topic) as owner:
        assert owner.stdout
        assert owner.stdout.readline() == "holding 1\n"
        standby = engine.log().join(topic, [topic])
        assert not standby.poll(10, 0.3)
        assert not standby.active
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
        assert [r.value for r in poll_until(standby, 1)] == [b"1"]
        assert standby.active
        standby.close()


def test_a_zombie_can_write_nothing_once_another_member_took_its_place(engine: LogEngine) -> None:
    log, source, target = engine.log(), engine.topic(), engine.topic()
    log.append([record(source, "k", b"1")])
    zombie = log.join(source, [source])
    batch = poll_until(zombie, 1)
    engine.usurp(source)
    heir = engine.log().join(source, [source])
    heir_batch = poll_until(heir, 1)
    with pytest.raises(FencedError):
        zombie.commit(batch, [record(target, "k", b"zombie")])
    heir.commit(heir_batch, [record(target, "k", b"heir")])
    assert values(log, target, 1) == [b"heir"]
    assert log.end(target) == 1
    zombie.close()
    heir.close()


def test_a_reader_sees_what_came_before_and_what_comes_after_it(engine: LogEngine) -> None:
    log, topic = engine.log(), engine.topic()
    log.append([record(topic, "k", b"before")])
    reader = log.reader([topic])
    assert [r.value for r in poll_until(reader, 1)] == [b"before"]
    log.append([record(topic, "k", b"after")])
    assert [r.value for r in poll_until(reader, 1)] == [b"after"]
    reader.close()


def test_lag_counts_what_waits_behind_the_committed_offsets(engine: LogEngine) -> None:
    log, topic = engine.log(), engine.topic()
    log.append([record(topic, "k", str(n).encode()) for n in range(4)])
    member = log.join(topic, [topic])
    batch = poll_until(member, 3)
    assert member.lag() == 4
    member.commit(batch, [])
    assert member.lag() == 1
    told = log.groups()[topic]
    assert {name: lag.records for name, lag in told.items()} == {topic: 1}
    member.close()


def test_deaths_are_remembered_by_the_first_record_in_hand(engine: LogEngine) -> None:
    from jianbao_streaming.ports import Attempt, Claim

    attempts, topic = engine.engine().attempts, engine.topic()
    batch, bigger, next_one = Claim(topic, 0, 5, 9), Claim(topic, 0, 5, 20), Claim(topic, 0, 6, 6)
    assert attempts.begin(topic, batch) == Attempt(0, -1)
    assert attempts.begin(topic, bigger) == Attempt(1, -1)
    attempts.clear(topic, [bigger])
    assert attempts.begin(topic, bigger) == Attempt(1, -1)
    attempts.isolate(topic, bigger)
    assert attempts.begin(topic, batch) == Attempt(1, 20)
    assert attempts.begin(topic, next_one) == Attempt(0, 20)


def test_lag_tells_since_when_the_first_waiting_record_is_there_and_nothing_where_none_waits(engine: LogEngine) -> None:
    log, topic = engine.log(), engine.topic()
    log.append([record(topic, "k", str(n).encode()) for n in range(3)])
    member = log.join(topic, [topic])
    batch = [one for one in poll_until(member, 3) if isinstance(one, StoredRecord)]
    member.commit(batch[:1], [])
    first_waiting = log.groups()[topic][topic].oldest
    if first_waiting is not None:  # an engine may not know, and then says so
        assert first_waiting == appended_at(batch[1])
    member.commit(batch[1:], [])
    assert log.groups()[topic][topic] == Lag(0, None)
    member.close()
