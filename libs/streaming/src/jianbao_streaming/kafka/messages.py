"""Records to messages and back."""

from __future__ import annotations

from confluent_kafka import Message, Producer
from confluent_kafka.error import KafkaException

from jianbao_streaming.kafka.partitioner import partition_of
from jianbao_streaming.ports import LogUnavailableError
from jianbao_streaming.records import Record, StoredRecord


def stored(message: Message) -> StoredRecord:
    """Return a message as a record. An empty key is b"": no record of ours has none."""
    return StoredRecord(
        topic=message.topic() or "",
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        timestamp=message.timestamp()[1],
        key=_bytes(message.key()),
        value=None if message.value() is None else _bytes(message.value()),
        headers=tuple((name, _bytes(value)) for name, value in message.headers() or ()),
    )


def _bytes(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""


class Partitions:
    """How many partitions each topic has, asked once: a repartitioned topic needs a restart of its producers."""

    def __init__(self, producer: Producer, timeout_s: float = 5.0) -> None:
        self._producer = producer
        self._timeout_s = timeout_s
        self._known: dict[str, int] = {}

    def knows(self, topic: str) -> bool:
        """Return whether a topic was asked for before, so that `of` answers at once."""
        return topic in self._known

    def of(self, record: Record) -> int:
        """Return the partition of a record. Raises LogUnavailableError where its topic is not there (yet)."""
        if record.topic not in self._known:
            self._known[record.topic] = self._ask(record.topic)
        return partition_of(record.partition_key or record.key, self._known[record.topic])

    def _ask(self, topic: str) -> int:
        try:
            found = self._producer.list_topics(topic, self._timeout_s).topics[topic]
        except KafkaException as exception:
            raise LogUnavailableError(f"Kafka: {exception.args[0].str()}") from exception
        if found.error is not None or not found.partitions:
            raise LogUnavailableError(f"Kafka has no topic {topic}; make it by: jianbao topics apply")
        return len(found.partitions)


def checked(record: Record) -> Record:
    """Return the record. Raises ValueError for one that no log takes."""
    if not isinstance(record.key, bytes):
        raise TypeError(f"a record of {record.topic} without a key")
    return record
