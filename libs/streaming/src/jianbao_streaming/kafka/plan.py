"""What has to change so that a broker's topics are those of the catalogue. Pure: states in, changes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from jianbao_contracts.topics import Topic

DAY_MS = 24 * 60 * 60 * 1000
FOR_EVER = "-1"
LARGEST_RECORD = 2 * 1024 * 1024
"""Bytes of a record batch that a broker takes: values above 1 MiB travel as a claim check, headers come on top."""

UNCLEAN = "unclean.leader.election.enable"


@dataclass(frozen=True, slots=True)
class TopicOnBroker:
    """A topic as the broker has it."""

    partitions: int
    replicas: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One step. `harm` says what it would destroy; a harmful change is never made by a machine."""

    topic: str
    kind: Literal["create", "partitions", "config"]
    what: str
    partitions: int | None = None
    config: tuple[tuple[str, str], ...] = ()
    harm: str | None = None


def wanted_config(topic: Topic, replicas: int) -> dict[str, str]:
    """Return the settings a topic of the catalogue must have on a broker with so many replicas."""
    retention = FOR_EVER if topic.retention_days is None else str(topic.retention_days * DAY_MS)
    return {
        "cleanup.policy": topic.cleanup,
        "retention.ms": retention,
        "max.message.bytes": str(LARGEST_RECORD),
        "min.insync.replicas": str(max(1, replicas - 1)),
        "compression.type": "producer",
        UNCLEAN: "false",
    }


def changes(catalogue: Iterable[Topic], found: Mapping[str, TopicOnBroker], replicas: int) -> list[Change]:
    """Return the changes that lead from what was found to the catalogue; topics that it does not name are left alone."""
    steps: list[Change] = []
    for topic in catalogue:
        there = found.get(topic.name)
        if there is None:
            steps.append(_creation(topic, replicas))
        else:
            steps += [*_partitions(topic, there), *_settings(topic, there)]
    return steps


def _creation(topic: Topic, replicas: int) -> Change:
    config = tuple(sorted(wanted_config(topic, replicas).items()))
    what = f"{topic.partitions} partitions, {replicas} replicas, {topic.cleanup}"
    return Change(topic.name, "create", what, partitions=topic.partitions, config=config)


def _partitions(topic: Topic, there: TopicOnBroker) -> list[Change]:
    if there.partitions == topic.partitions:
        return []
    what = f"{there.partitions} → {topic.partitions} partitions"
    harm = (
        "partitions cannot be taken away"
        if topic.partitions < there.partitions
        else "keys would move to other partitions, and records of one bulletin lose their order"
    )
    return [Change(topic.name, "partitions", what, partitions=topic.partitions, harm=harm)]


def _settings(topic: Topic, there: TopicOnBroker) -> list[Change]:
    steps = []
    for name, value in sorted(wanted_config(topic, there.replicas).items()):
        now = there.config.get(name)
        if now != value:
            what = f"{name}: {now} → {value}"
            steps.append(Change(topic.name, "config", what, config=((name, value),), harm=_harm(name, now, value)))
    return steps


def _harm(name: str, now: str | None, value: str) -> str | None:
    if name == "cleanup.policy":
        return "the cleaner would delete records that readers may still expect"
    if name == "retention.ms" and value != FOR_EVER and (now in (None, FOR_EVER) or int(now or 0) > int(value)):
        return "records older than that would be deleted"
    if name == "max.message.bytes" and now is not None and int(now) > int(value):
        return "records that are accepted today would be refused"
    return None
