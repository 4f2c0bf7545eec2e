"""The operator's desk over a log: what is meant by a filter, and what an act leaves in the topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jianbao_contracts import DeadLetterAction, StageStatus, topics
from jianbao_standalone.beijing import day_of, moment, utc
from jianbao_standalone.dead_letters import desk
from jianbao_standalone.dead_letters.filter import Filter, Place, PlaceError, place
from jianbao_standalone.dead_letters.stats import count
from jianbao_streaming import InvalidEvent, Log, StoredRecord
from jianbao_streaming.dead_letters import dead_letter
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.events import parse

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
Fail = Callable[..., None]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    engine = open_embedded(tmp_path / "data")
    yield engine.log
    engine.close()


@pytest.fixture
def fail(log: Log) -> Fail:
    """Puts a dead letter into the log."""

    def put(
        number: int,
        *,
        stage: str = "normalize",
        office: str = "hubei-wmb",
        error: Exception | None = None,
        hours: int = 0,
    ) -> None:
        bulletin = f"{office}.{number:032x}"
        headers = {"ce_pushid": f"{number:032x}", "ce_office": office, "ce_subject": bulletin, "ce_revision": "3"}
        record = StoredRecord(
            topics.RAW,
            0,
            number,
            0,
            bulletin.encode(),
            b"untouched",
            tuple((k, v.encode()) for k, v in headers.items()),
        )
        why = error or InvalidEvent("not_text", "no text")
        at = NOW - timedelta(hours=hours)
        log.append([dead_letter(record, why, stage=stage, service_version="1", attempts=1, at=at)])

    return put


def records(log: Log, topic: str) -> list[StoredRecord]:
    reader = log.reader([topic])
    found: list[StoredRecord] = []
    while batch := reader.poll(500, 0):
        found += batch
    reader.close()
    return found


def found(log: Log, **wanted: object) -> list[str]:
    return [str(letter.place) for letter in desk.find(log, Filter(**wanted))]  # type: ignore[arg-type]


def test_every_filter_narrows_and_filters_narrow_together(log: Log, fail: Fail) -> None:
    fail(0)
    fail(1, office="jiangsu-wmb", hours=30)
    fail(2, error=KeyError("x"), hours=3)
    fail(3, stage="extract")
    assert found(log) == ["normalize/0/0", "normalize/0/1", "normalize/0/2", "extract/0/0"]
    assert found(log, stage="extract") == ["extract/0/0"]
    assert found(log, code="internal_error") == ["normalize/0/2"]
    assert found(log, error_type="KeyError") == ["normalize/0/2"]
    assert found(log, office="jiangsu-wmb") == ["normalize/0/1"]
    assert found(log, since=NOW - timedelta(hours=4)) == ["normalize/0/0", "normalize/0/2", "extract/0/0"]
    assert found(log, until=NOW - timedelta(hours=3)) == ["normalize/0/1"]
    assert found(log, bulletin=f"hubei-wmb.{2:032x}") == ["normalize/0/2"]
    assert found(log, push=f"{3:032x}") == ["extract/0/0"]
    places = frozenset({place("normalize/0/2"), place("extract/0/0"), place("search/0/9")})
    assert found(log, places=places) == ["normalize/0/2", "extract/0/0"]
    assert found(log, places=places, code="not_text") == ["extract/0/0"]


@pytest.mark.parametrize("text", ["normalize/0", "nowhere/0/1", "normalize/0/x", "normalize/-1/0", "", "normalize/0/²"])
def test_what_is_no_place_is_told(text: str) -> None:
    with pytest.raises(PlaceError, match="STAGE/PARTITION/OFFSET"):
        place(text)


def test_a_drop_says_so_publicly_and_leaves_an_audit_line_and_the_record(log: Log, fail: Fail) -> None:
    fail(7)
    (dropped,) = desk.drop(log, [Place("normalize", 0, 0)], "li", "误传")
    (status,) = [parse(record, StageStatus) for record in records(log, topics.STATUS)]
    assert (status.state, status.stage, status.revision, status.push_id) == ("dropped", "normalize", 3, f"{7:032x}")
    assert status.detail is not None
    assert (status.detail.code, status.detail.reason) == ("dropped", "误传")
    (act,) = [parse(record, DeadLetterAction) for record in records(log, topics.DEAD_LETTER_ACTIONS)]
    assert (act.action, act.operator, act.reason, act.push_id) == ("drop", "li", "误传", f"{7:032x}")
    assert records(log, topics.dead_letters_of("normalize"))[0].value == dropped.record.value == b"untouched"
    assert found(log) == []
    assert list(desk.drop(log, [dropped.place], "li")) == []


def test_a_dropped_letter_can_be_sent_back_once_and_not_dropped_after_that(log: Log, fail: Fail) -> None:
    fail(7)
    chosen = [Place("normalize", 0, 0)]
    assert len(list(desk.drop(log, chosen, "li"))) == 1
    assert len(list(desk.replay(log, chosen, "li"))) == 1
    assert list(desk.replay(log, chosen, "li")) == []
    assert list(desk.drop(log, chosen, "li")) == []
    (retry,) = records(log, topics.retries_of("normalize"))
    assert (retry.value, retry.header("dlq-replays")) == (b"untouched", "1")


def test_a_dropped_letter_of_receipts_says_nothing_of_the_push(log: Log, fail: Fail) -> None:
    fail(7, stage="receipts")
    assert len(list(desk.drop(log, [Place("receipts", 0, 0)], "li"))) == 1
    assert records(log, topics.STATUS) == []
    assert len(records(log, topics.DEAD_LETTER_ACTIONS)) == 1


def test_nothing_chosen_is_nothing_done(log: Log, fail: Fail) -> None:
    fail(7)
    assert list(desk.drop(log, [], "li")) == list(desk.replay(log, [], "li")) == list(desk.look(log, [])) == []


def test_an_act_on_many_letters_meets_each_once_though_each_fails_again_at_once(log: Log, fail: Fail) -> None:
    for number in range(250):
        fail(number)
    acted = 0
    for _ in desk.replay(log, desk.places(log, Filter()), "li"):
        fail(1000 + acted)
        acted += 1
    assert acted == 250
    assert len(found(log)) == 250


def test_stats_count_by_stage_code_office_and_beijing_day(log: Log, fail: Fail) -> None:
    fail(0)  # 04:00 of the next day in Beijing
    fail(1, hours=10)
    fail(2)
    fail(3, stage="search", error=KeyError("x"))
    list(desk.drop(log, [Place("normalize", 0, 0)], "li"))
    list(desk.replay(log, [Place("search", 0, 0)], "li"))
    stats = count(desk.find(log, Filter(done_too=True)))
    assert stats.total() == {"open": 2, "replayed": 1, "dropped": 1, "newest": utc(NOW)}
    rows = [
        (row["stage"], row["code"], row["day"], row["open"], row["replayed"], row["dropped"]) for row in stats.rows()
    ]
    assert rows == [
        ("normalize", "not_text", "2026-11-22", 1, 0, 0),
        ("normalize", "not_text", "2026-11-23", 1, 0, 1),
        ("search", "internal_error", "2026-11-23", 0, 1, 0),
    ]
    assert Counter(row["office"] for row in stats.rows()) == {"hubei-wmb": 3}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("7d", NOW - timedelta(days=7)),
        ("2026-11-22", datetime(2026, 11, 21, 16, tzinfo=UTC)),
        ("2026-11-22T08:30", datetime(2026, 11, 22, 0, 30, tzinfo=UTC)),
        ("2026-11-22T08:30Z", datetime(2026, 11, 22, 8, 30, tzinfo=UTC)),
    ],
)
def test_moments_are_of_beijing_unless_they_say_otherwise(text: str, expected: datetime) -> None:
    assert moment(text, NOW) == expected
    assert day_of(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)).isoformat() == "2026-11-22"


@pytest.mark.parametrize("text", ["yesterday", "7", "2026-13-01", "-7d", ""])
def test_what_is_no_moment_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="no moment"):
        moment(text, NOW)
