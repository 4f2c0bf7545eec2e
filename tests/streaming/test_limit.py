"""The limit of dead letters: when it stops a stage, what it leaves behind, and that it holds over many lives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from jianbao_contracts import topics
from jianbao_streaming import InvalidEvent, Record, StoredRecord
from jianbao_streaming.dead_letters import dead_letter
from jianbao_streaming.engine import Engine, open_embedded
from jianbao_streaming.limit import DeadLetterLimit, DeadLetterLimitError, LimitSettings
from jianbao_streaming.limit_memory import bugs_in_a_row

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_embedded(tmp_path / "data")
    yield opened
    opened.close()


def handled(engine: Engine, bugs: list[bool | None]) -> None:
    """Let a group handle records: True met a bug, False was bad itself, None went well."""
    engine.log.append([Record(topics.RAW, b"k", b"x") for _ in bugs])
    member = engine.log.join("normalize", [topics.RAW])
    for record, bug in zip(member.poll(100, 1.0), bugs, strict=True):
        error = KeyError("x") if bug else InvalidEvent("not_text", "x")
        letters = [] if bug is None else [letter(record, error)]
        member.commit([record], letters)
    member.close()


def letter(record: StoredRecord, error: Exception) -> Record:
    return dead_letter(record, error, stage="normalize", service_version="1", attempts=1, at=AT)


@pytest.mark.parametrize(
    ("bugs", "in_a_row"),
    [
        ([], 0),
        ([None, True, True], 2),
        ([True, None, True], 1),
        ([True, True, None], 0),
        ([True, False, True], 1),
        ([True] * 7, 5),
    ],
)
def test_a_new_life_knows_how_many_bugs_the_last_one_met_in_a_row(
    engine: Engine, bugs: list[bool | None], in_a_row: int
) -> None:
    handled(engine, bugs)
    assert bugs_in_a_row(engine.log, "normalize", 5) == in_a_row


def test_a_limit_of_one_remembers_nothing(engine: Engine) -> None:
    handled(engine, [True])
    assert bugs_in_a_row(engine.log, "normalize", 0) == 0


def test_the_limit_goes_on_where_it_stood_and_starts_afresh_once_a_record_goes_well() -> None:
    limit = DeadLetterLimit(consecutive=3)
    limit.resume(2)
    with pytest.raises(DeadLetterLimitError, match=r"3 records in a row met a bug.*Nothing is lost"):
        limit.note(bug=True)
    mended = DeadLetterLimit(consecutive=3)
    mended.resume(2)
    mended.note(bug=False)
    mended.note(bug=True)
    mended.note(bug=True)


def test_too_large_a_share_stops_a_stage_once_half_a_window_was_seen() -> None:
    limit = DeadLetterLimit(consecutive=99, ratio=0.25, window=8)
    for bug in (True, False, False, False, False, False):
        limit.note(bug=bug)
    with pytest.raises(DeadLetterLimitError, match="2 of the latest 7"):
        limit.note(bug=True)


@pytest.mark.parametrize(
    "wrong",
    [{"dead_letter_consecutive": 0}, {"dead_letter_ratio": 0}, {"dead_letter_ratio": 1.5}, {"dead_letter_window": 1}],
)
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        LimitSettings(**wrong)  # type: ignore[arg-type]
