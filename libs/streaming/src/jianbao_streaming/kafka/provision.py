"""Topics as code: look at a broker's topics, and make them those of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import TypeVar

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from jianbao_streaming.kafka.faults import error_of, told
from jianbao_streaming.kafka.plan import Change, TopicOnBroker
from jianbao_streaming.kafka.settings import KafkaSettings

T = TypeVar("T")
CALL_S = 15.0


class Provisioner:
    """Asks and changes a broker's topics. Raises LogUnavailableError where it is away, FatalError where it refuses us."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._admin = AdminClient({name: value for name, value in settings.common().items() if name != "client.id"})

    def replicas(self) -> int:
        """Return how many replicas a new topic should have: three, or as many as there are brokers."""
        return min(3, len(_asked(lambda: self._admin.list_topics(timeout=CALL_S)).brokers))

    def found(self, names: Iterable[str]) -> Mapping[str, TopicOnBroker]:
        """Return those topics that are there, by name."""
        known = _asked(lambda: self._admin.list_topics(timeout=CALL_S)).topics
        wanted = [name for name in names if name in known]
        if not wanted:
            return {}
        asked = [ConfigResource(ResourceType.TOPIC, name) for name in wanted]
        futures = self._admin.describe_configs(asked, request_timeout=CALL_S)
        configs = {resource.name: _asked(future.result) for resource, future in futures.items()}
        return {
            name: TopicOnBroker(
                partitions=len(known[name].partitions),
                replicas=min(len(one.replicas) for one in known[name].partitions.values()),
                config={entry.name: str(entry.value) for entry in configs[name].values()},
            )
            for name in wanted
        }

    def make(self, changes: Sequence[Change]) -> None:
        """Make changes, and return once the brokers know the new topics. Harmful ones are refused before any is made."""
        harmful = [change for change in changes if change.harm]
        if harmful:
            raise ValueError(f"harmful changes are not made: {[change.topic for change in harmful]}")
        created = [change for change in changes if change.kind == "create"]
        replicas = self.replicas()
        new = [NewTopic(one.topic, one.partitions or 1, replicas, config=dict(one.config)) for one in created]
        if new:
            _all(self._admin.create_topics(new, request_timeout=CALL_S))
        altered = [
            ConfigResource(
                ResourceType.TOPIC,
                change.topic,
                incremental_configs=[
                    ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
                    for name, value in change.config
                ],
            )
            for change in changes
            if change.kind == "config"
        ]
        if altered:
            _all(self._admin.incremental_alter_configs(altered, request_timeout=CALL_S))


def _all(futures: Mapping[object, Future[object]]) -> None:
    for future in futures.values():
        _asked(future.result)


def _asked(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except KafkaException as exception:
        raise told(error_of(exception)) from exception
