"""Reading topics from a place, without a group and without committing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from jianbao_streaming.kafka.faults import error_of, told
from jianbao_streaming.kafka.member import WAITS
from jianbao_streaming.kafka.messages import stored
from jianbao_streaming.kafka.settings import KafkaSettings
from jianbao_streaming.ports import LogUnavailableError
from jianbao_streaming.records import StoredRecord

CALL_S = 5.0
STEP_S = 0.1


class KafkaReader:
    """See `jianbao_streaming.ports.Reader`."""

    def __init__(self, settings: KafkaSettings, topics: Sequence[str], start: Mapping[str, int]) -> None:
        self._settings = settings
        self._topics = tuple(topics)
        self._start = dict(start)
        self._consumer: Consumer | None = None
        self._next: dict[tuple[str, int], int] = {}

    def poll(self, max_records: int, timeout: float) -> Sequence[StoredRecord]:
        """Return the next records; none once all that was there when asked was read, and `timeout` has passed."""
        try:
            return self._poll(max_records, timeout)
        except KafkaException as exception:
            raise told(error_of(exception)) from exception

    def close(self) -> None:
        """Close the client."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.close()

    def _poll(self, most: int, timeout: float) -> list[StoredRecord]:
        consumer = self._ready()
        wanted: dict[tuple[str, int], int] | None = None
        deadline = time.monotonic() + timeout
        patience = time.monotonic() + timeout + CALL_S
        while True:
            if found := self._taken(consumer, most):
                return found
            if time.monotonic() < deadline:
                continue
            if wanted is None:
                wanted = self._ends(consumer)
            if all(self._next[place] >= end for place, end in wanted.items()):
                return []
            if time.monotonic() > patience:
                raise LogUnavailableError("Kafka: records that are there do not come")

    def _taken(self, consumer: Consumer, most: int) -> list[StoredRecord]:
        found: list[StoredRecord] = []
        for message in consumer.consume(most, STEP_S):
            error = message.error()
            place = (message.topic() or "", message.partition() or 0)
            if error is None:
                found.append(stored(message))
                self._next[place] = (message.offset() or 0) + 1
            elif error.code() == KafkaError._PARTITION_EOF:
                self._next[place] = max(self._next[place], message.offset() or 0)
            elif error.code() not in WAITS:
                raise told(error)
        return found

    def _ready(self) -> Consumer:
        if self._consumer is not None:
            return self._consumer
        consumer = Consumer(self._settings.reader())
        try:
            for topic, partition in _places(consumer, self._topics):
                low, _ = consumer.get_watermark_offsets(TopicPartition(topic, partition), CALL_S)
                self._next[topic, partition] = max(low, self._start.get(topic, 0))
            consumer.assign([TopicPartition(*place, offset) for place, offset in self._next.items()])
        except BaseException:
            consumer.close()
            raise
        self._consumer = consumer
        return consumer

    def _ends(self, consumer: Consumer) -> dict[tuple[str, int], int]:
        ends = {}
        for topic, partition in self._next:
            _, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), CALL_S)
            ends[topic, partition] = high
        return ends


def _places(consumer: Consumer, topics: Sequence[str]) -> list[tuple[str, int]]:
    places = []
    for topic in topics:
        known = consumer.list_topics(topic, CALL_S).topics[topic]
        if known.error is not None:
            raise LogUnavailableError(f"Kafka has no topic {topic}; make it by: jianbao topics apply")
        places += [(topic, partition) for partition in known.partitions]
    return places
