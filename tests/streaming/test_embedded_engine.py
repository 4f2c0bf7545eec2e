"""What only the embedded engine promises: wake-up, durability settings, retention, payloads, layout version."""

from __future__ import annotations

import statistics
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from log_engines import poll_until, record

from jianbao_contracts.topics import Topic, catalogue
from jianbao_streaming import FatalError, PayloadMissingError
from jianbao_streaming.claim_check import LARGEST_VALUE, check_in
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import ORPHAN_S, Cleaner, open_embedded
from jianbao_streaming.payload_folder import FolderPayloads
from jianbao_streaming.sqlite import DATABASE, connect
from jianbao_streaming.sqlite.retention import clean


def topic(name: str, cleanup: str, days: int | None) -> Topic:
    example = next(iter(catalogue().values()))
    return example.model_copy(update={"name": name, "cleanup": cleanup, "retention_days": days})


def test_a_waiting_member_is_woken_within_20_ms_of_an_append(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path)
    member = engine.log.join("group", ["t"])
    member.poll(1, 0)
    delays: list[float] = []
    for _ in range(25):
        waiting, woken = threading.Event(), []

        def wait(waiting: threading.Event = waiting, woken: list[float] = woken) -> None:
            waiting.set()
            if member.poll(10, 5):
                woken.append(time.monotonic())

        thread = threading.Thread(target=wait)
        thread.start()
        waiting.wait()
        appended = time.monotonic()
        engine.log.append([record("t", "k")])
        appended = max(appended, time.monotonic() - 0.02)
        thread.join()
        delays.append(woken[0] - appended)
    assert statistics.median(delays) < 0.020
    member.close()


def test_ingest_waits_for_the_disk_and_stages_do_not(tmp_path: Path) -> None:
    assert connect(tmp_path / "a", synchronous="FULL").pragma("synchronous") == 2
    assert connect(tmp_path / "a").pragma("synchronous") == 1
    assert connect(tmp_path / "a").pragma("journal_mode") == "wal"


def test_a_folder_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    open_embedded(tmp_path).close()
    connection = connect(tmp_path / DATABASE)
    connection.pragma("user_version", 99)
    connection.close()
    with pytest.raises(FatalError, match="newer version"):
        open_embedded(tmp_path)


def test_old_records_go_and_young_ones_stay(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path)
    engine.log.append([record("t", "k", str(n).encode()) for n in range(1200)])
    connection = connect(tmp_path / DATABASE)
    connection.execute("UPDATE log_record SET steady = 0 WHERE offset < 1100")
    assert clean(connection, [topic("t", "delete", 30)], datetime.now(UTC)) == 1100
    (state,) = engine.log.topics()
    assert (state.records, state.first, state.end) == (100, 1100, 1200)


def test_compaction_keeps_the_latest_value_of_each_key_and_looks_at_new_records_only(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path)
    connection = connect(tmp_path / DATABASE)
    compacted = topic("t", "compact", None)
    engine.log.append([record("t", f"k{n % 3}", str(n).encode()) for n in range(600)])
    assert clean(connection, [compacted], datetime.now(UTC)) == 597
    engine.log.append([record("t", "k1", b"new")])
    assert clean(connection, [compacted], datetime.now(UTC)) == 1
    reader = engine.log.reader(["t"])
    assert {r.key: r.value for r in poll_until(reader, 3)} == {b"k0": b"597", b"k2": b"599", b"k1": b"new"}
    reader.close()


def test_the_counts_of_a_topic_follow_appends_commits_and_retention(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path)
    engine.log.append([record("t", f"k{n % 10}", b"x" * n) for n in range(1000)])
    engine.log.append([record("t", "k0", None), record("u", "k", b"yy")])
    member = engine.log.join("group", ["u"])
    member.commit(member.poll(10, 1), [record("t", "k1", b"last")])
    member.close()
    connection = connect(tmp_path / DATABASE)
    for clean_up in (lambda: None, lambda: clean(connection, [topic("t", "compact", None)], datetime.now(UTC))):
        clean_up()
        counted = {
            (name, kept, size)
            for name, kept, size in connection.execute(
                "SELECT name, count(*), coalesce(sum(length(value)), 0) FROM log_record r JOIN log_topic t ON t.id = topic"
                " GROUP BY name"
            )
        }
        assert {(state.topic, state.records, state.size) for state in engine.log.topics()} == counted
    assert {state.topic: state.records for state in engine.log.topics()} == {"t": 10, "u": 1}


def test_payloads_are_kept_while_a_record_refers_to_them(tmp_path: Path) -> None:
    engine = open_embedded(tmp_path)
    needed, orphan = b"n" * (LARGEST_VALUE + 1), b"o" * 10
    engine.log.append([check_in(record("bulletins.normalized", "k", needed), engine.payloads)])
    name, lonely = engine.payloads.put(needed), engine.payloads.put(orphan)

    class Watch(SystemClock):
        seconds = 0.0

        def monotonic(self) -> float:
            return self.seconds

    clock = Watch()
    cleaner = Cleaner(tmp_path, clock)
    assert cleaner.clean() == (0, 0)
    clock.seconds += ORPHAN_S - 1
    assert cleaner.clean() == (0, 0)
    assert engine.payloads.get(lonely) == orphan
    clock.seconds += 1
    assert cleaner.clean() == (0, 1)
    assert engine.payloads.get(name) == needed
    with pytest.raises(PayloadMissingError):
        engine.payloads.get(lonely)


def test_a_damaged_payload_is_refused(tmp_path: Path) -> None:
    payloads = FolderPayloads(tmp_path)
    name = payloads.put(b"content")
    (tmp_path / name[:2] / name).write_bytes(b"rotten")
    with pytest.raises(PayloadMissingError, match="damaged"):
        payloads.get(name)
    with pytest.raises(PayloadMissingError, match="not the name"):
        payloads.get("../../etc/passwd")


def test_a_full_disk_is_told_as_log_unavailable_and_leaves_the_log_whole(tmp_path: Path) -> None:
    from jianbao_streaming import LogUnavailableError
    from jianbao_streaming.sqlite import transaction

    connection = connect(tmp_path / "small")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count = 10")
    with pytest.raises(LogUnavailableError), transaction(connection):
        connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")
    assert not connection.in_transaction
    connection.execute("PRAGMA max_page_count = 10000")
    with transaction(connection):
        connection.execute("INSERT INTO t VALUES (1)")
