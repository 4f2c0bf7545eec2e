"""Only what kills a process is taken for a killer, however many topics wait behind it."""

from __future__ import annotations

from log_engines import LogEngine

from jianbao_streaming import StoredRecord
from jianbao_streaming.isolation import claims_of, portions


def record(topic: str, offset: int) -> StoredRecord:
    return StoredRecord(topic, 0, offset, 0, b"k", b"v", ())


def test_what_waits_in_another_topic_behind_a_killer_does_not_count_its_deaths(engine: LogEngine) -> None:
    attempts, group, fast, slow = engine.engine().attempts, engine.topic(), engine.topic(), engine.topic()
    batch, deadly, killed = [record(fast, 1), record(fast, 2), record(slow, 7)], record(fast, 2), 0
    while batch:
        for portion in portions(group, batch, attempts):
            if deadly in portion.records and not portion.kills:
                killed += 1
                break
            assert portion.kills == (portion.records == [deadly])
            batch = [one for one in batch if one not in portion.records]
        assert killed <= 6, "it goes on killing"
    assert killed == 6


def test_a_stage_that_is_stopped_among_records_handled_alone_counts_no_death(engine: LogEngine) -> None:
    attempts, group, fast, slow = engine.engine().attempts, engine.topic(), engine.topic(), engine.topic()
    batch = [record(fast, 1), record(slow, 7)]
    for _ in range(3):
        list(
            portions(group, batch, attempts)
        )  # three processes died of the batch: each record is handled alone from now on
    for _ in range(5):
        first = next(portions(group, batch, attempts))
        assert first.deaths == 0
        attempts.clear(group, claims_of(first.records))
    assert [portion.kills for portion in portions(group, batch, attempts)] == [False, False]
