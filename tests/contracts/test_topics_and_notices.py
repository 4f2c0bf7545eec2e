"""The topic catalogue and the words that offices are told."""

from __future__ import annotations

import re
from pathlib import Path

from jianbao_contracts import notices, topics
from jianbao_contracts.schemas import EVENTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_topic_carries_a_known_event() -> None:
    names = {event.__name__ for event in EVENTS}
    assert {topic.value for topic in topics.catalogue().values()} <= names


def test_every_stage_has_dead_letters_that_outlive_their_source_and_a_retry_topic() -> None:
    catalogue = topics.catalogue()
    sources = {
        "normalize": topics.RAW,
        "extract": topics.NORMALIZED,
        "search": topics.EXTRACTED,
        "receipts": topics.STATUS,
    }
    for stage, source in sources.items():
        letters, retry = catalogue[topics.dead_letters_of(stage)], catalogue[topics.retries_of(stage)]
        assert letters.retention_days
        assert letters.retention_days > (catalogue[source].retention_days or 0)
        assert retry.consumers == [stage]
        assert stage in letters.producers


def test_only_compacted_topics_are_kept_for_ever() -> None:
    for topic in topics.catalogue().values():
        assert (topic.retention_days is None) == (topic.cleanup == "compact")


def test_topics_of_one_partition_key_have_the_same_number_of_partitions() -> None:
    keyed = {topic.partitions for topic in topics.catalogue().values() if topic.partition_by == "bulletin_id"}
    assert len(keyed) == 1


def test_every_code_that_a_service_uses_has_words_in_chinese() -> None:
    used = set()
    pattern = re.compile(r'(?:InvalidEvent|UnreadableError|notices\.detail|(?<![\w.])detail)\(\s*"([a-z_]+)"')
    for path in [*ROOT.glob("services/*/src/**/*.py"), *ROOT.glob("libs/*/src/**/*.py")]:
        used |= set(pattern.findall(path.read_text(encoding="utf-8")))
    assert used
    assert used <= set(notices.NOTICES)
    for notice in notices.NOTICES.values():
        assert re.search(r"[\u4e00-\u9fff]", notice.message)
        assert re.search(r"[\u4e00-\u9fff]", notice.action)


def test_an_unknown_code_is_told_as_an_internal_error() -> None:
    assert notices.detail("no_such_code").message == notices.NOTICES["internal_error"].message
