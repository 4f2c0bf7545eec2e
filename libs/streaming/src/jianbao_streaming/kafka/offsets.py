"""What an operator asks of Kafka: ends, committed offsets, lags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from confluent_kafka import ConsumerGroupTopicPartitions, IsolationLevel, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from jianbao_streaming.kafka.faults import error_of, told
from jianbao_streaming.kafka.settings import KafkaSettings
from jianbao_streaming.ports import Lag, TopicState

T = TypeVar("T")
Place = tuple[str, int]

CALL_S = 10.0


class Offsets:
    """Asks the broker; nothing is kept."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._admin = AdminClient({name: value for name, value in settings.common().items() if name != "client.id"})

    def end(self, topic: str) -> int:
        """Return the sum of a topic's end offsets, as readers of committed records see them."""
        return sum(self._at(self._places([topic]), OffsetSpec.latest()).values())

    def committed(self, group: str, topic: str) -> int:
        """Return the sum of a group's committed offsets of a topic."""
        return sum(offset for (name, _), offset in self._committed(group).items() if name == topic)

    def topics(self) -> Sequence[TopicState]:
        """Return all topics with a record; what they hold in bytes is the broker's secret, so `size` is 0."""
        places = self._places(self._names())
        ends, firsts = self._at(places, OffsetSpec.latest()), self._at(places, OffsetSpec.earliest())
        states = []
        for topic in sorted({name for name, _ in places}):
            own = [place for place in places if place[0] == topic]
            first, end = sum(firsts[place] for place in own), sum(ends[place] for place in own)
            states.append(TopicState(topic, end - first, first, end, 0, None))
        return [state for state in states if state.end]

    def groups(self) -> Mapping[str, Mapping[str, Lag]]:
        """Return every group's lag by topic, in offsets."""
        listed = self._asked(lambda: self._admin.list_consumer_groups(request_timeout=CALL_S).result())
        groups = {group.group_id: self._committed(group.group_id) for group in listed.valid}
        ends = self._at({place for committed in groups.values() for place in committed}, OffsetSpec.latest())
        found: dict[str, dict[str, Lag]] = {}
        for group, committed in groups.items():
            lags: dict[str, int] = {}
            for place, offset in committed.items():
                lags[place[0]] = lags.get(place[0], 0) + max(0, ends.get(place, 0) - offset)
            if lags:
                found[group] = {topic: Lag(records, None) for topic, records in lags.items()}
        return found

    def close(self) -> None:
        """The client frees itself."""

    def _names(self) -> list[str]:
        known = self._asked(lambda: self._admin.list_topics(timeout=CALL_S)).topics
        return [name for name in known if not name.startswith("__")]

    def _places(self, topics: Iterable[str]) -> list[Place]:
        wanted = set(topics)
        known = self._asked(lambda: self._admin.list_topics(timeout=CALL_S)).topics
        return [(name, number) for name, topic in known.items() if name in wanted for number in topic.partitions]

    def _at(self, places: Iterable[Place], spec: OffsetSpec) -> dict[Place, int]:
        asked = {TopicPartition(*place): spec for place in places}
        if not asked:
            return {}
        futures = self._asked(
            lambda: self._admin.list_offsets(
                asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=CALL_S
            )
        )
        return {
            (one.topic, one.partition): max(0, self._asked(future.result).offset) for one, future in futures.items()
        }

    def _committed(self, group: str) -> dict[Place, int]:
        futures = self._admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)], request_timeout=CALL_S)
        found = self._asked(futures[group].result).topic_partitions
        return {(one.topic, one.partition): one.offset for one in found if one.offset >= 0}

    @staticmethod
    def _asked(ask: Callable[[], T]) -> T:
        try:
            return ask()
        except KafkaException as exception:
            raise told(error_of(exception)) from exception
