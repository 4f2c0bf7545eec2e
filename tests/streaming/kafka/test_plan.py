"""Topics as code: what has to change, and what a machine must not change by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jianbao_contracts.topics import Topic, catalogue
from jianbao_streaming.kafka.plan import DAY_MS, TopicOnBroker, changes, wanted_config

RAW = catalogue()["bulletins.raw"]
STATUS = catalogue()["bulletins.status"]


def as_wanted(topic: Topic, replicas: int = 3) -> TopicOnBroker:
    return TopicOnBroker(topic.partitions, replicas, wanted_config(topic, replicas))


def test_an_empty_broker_gets_every_topic_of_the_catalogue_with_its_dead_letters() -> None:
    made = changes(catalogue().values(), {}, 3)
    assert {change.topic for change in made} == set(catalogue())
    assert all(change.kind == "create" and change.harm is None for change in made)
    assert {"bulletins.normalize.dlq", "bulletins.normalize.retry"} <= {change.topic for change in made}


def test_a_broker_that_has_them_all_as_they_should_be_needs_nothing() -> None:
    assert changes(catalogue().values(), {topic.name: as_wanted(topic) for topic in catalogue().values()}, 3) == []


def test_topics_of_others_are_left_alone() -> None:
    there = {RAW.name: as_wanted(RAW), "somebody.elses": TopicOnBroker(1, 1, {})}
    assert changes([RAW], there, 3) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [("retention.ms", str(3000 * DAY_MS)), ("retention.ms", "-1"), ("cleanup.policy", "compact")],
)
def test_what_would_delete_records_is_told_as_harm(setting: str, value: str) -> None:
    there = as_wanted(RAW)
    (change,) = changes([RAW], {RAW.name: replace(there, config={**there.config, setting: value})}, 3)
    assert (change.kind, change.config[0][0]) == ("config", setting)
    assert change.harm


def test_a_longer_retention_harms_nobody() -> None:
    there = as_wanted(RAW)
    shorter = replace(there, config={**there.config, "retention.ms": str(DAY_MS)})
    (change,) = changes([RAW], {RAW.name: shorter}, 3)
    assert change.harm is None


@pytest.mark.parametrize("partitions", [1, 48])
def test_another_number_of_partitions_is_harm_either_way(partitions: int) -> None:
    (change,) = changes([STATUS], {STATUS.name: replace(as_wanted(STATUS), partitions=partitions)}, 3)
    assert change.kind == "partitions"
    assert change.harm


@pytest.mark.parametrize(("replicas", "in_sync"), [(1, "1"), (2, "1"), (3, "2")])
def test_an_acknowledgement_means_all_replicas_but_one(replicas: int, in_sync: str) -> None:
    assert wanted_config(RAW, replicas)["min.insync.replicas"] == in_sync
