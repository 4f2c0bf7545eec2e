"""The stage: record in, event and status out."""

from __future__ import annotations

import pytest

from jianbao_contracts import ExtractedBulletin, StageStatus, topics
from jianbao_extract.handler import handle
from jianbao_streaming.events import derived_record
from jianbao_streaming.outcomes import Emit, InvalidEvent, each
from jianbao_streaming.records import StoredRecord

TEXT = "海门文明简报\n第1期\n南通市海门区文明办\n2021年3月1日\n海门区开展志愿服务活动\n海门区组织志愿者开展服务，受到群众欢迎。"


def stored(event, **changes):
    record = derived_record(event, traceparent="00-1-2-01")
    fields = {"topic": record.topic, "partition": 0, "offset": 5, "timestamp": 1_790_000_000_000, "key": record.key}
    return StoredRecord(**(fields | {"value": record.value, "headers": record.headers} | changes))


def test_a_normalized_bulletin_becomes_an_extracted_one_and_a_status(normalized):
    outcome = handle(stored(normalized(TEXT)))
    event_record, status_record = outcome.records
    assert (event_record.topic, status_record.topic) == (topics.EXTRACTED, topics.STATUS)
    event = ExtractedBulletin.model_validate_json(event_record.value)
    status = StageStatus.model_validate_json(status_record.value)
    assert [article.title for article in event.articles] == ["海门区开展志愿服务活动"]
    assert event.articles[0].article_id == f"{event.bulletin_id}/1"
    assert (status.stage, status.state, status.revision) == ("extract", "extracted", 1)
    assert event_record.header("traceparent") == "00-1-2-01"


def test_a_replay_emits_the_same_bytes(normalized):
    record = stored(normalized(TEXT))
    assert handle(record) == handle(record)


def test_a_retraction_has_empty_lists_and_goes_on(normalized):
    retraction = normalized(
        "", operation="retract", original="", alignment=[], paragraph_scripts=[], sequence=None, revision=2
    )
    outcome = handle(stored(retraction))
    event = ExtractedBulletin.model_validate_json(outcome.records[0].value)
    assert (event.operation, event.revision, event.articles, event.captions) == ("retract", 2, [], [])
    assert event.bulletin.evidence == {}


def test_what_is_no_normalized_bulletin_is_an_invalid_event_and_spoils_no_other(normalized):
    bad, good = stored(normalized(TEXT), value=b"{}"), stored(normalized(TEXT))
    outcomes = each(handle)([bad, good])
    assert isinstance(outcomes[0], InvalidEvent)
    assert isinstance(outcomes[1], Emit)


def test_a_tombstone_is_an_invalid_event(normalized):
    with pytest.raises(InvalidEvent):
        handle(stored(normalized(TEXT), value=None))
