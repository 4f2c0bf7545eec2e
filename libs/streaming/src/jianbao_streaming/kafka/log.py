"""The log on Apache Kafka."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence

from confluent_kafka import KafkaError, Message, Producer

from jianbao_streaming.kafka.faults import told
from jianbao_streaming.kafka.member import KafkaMember
from jianbao_streaming.kafka.messages import Partitions, checked
from jianbao_streaming.kafka.offsets import Offsets
from jianbao_streaming.kafka.reader import KafkaReader
from jianbao_streaming.kafka.settings import KafkaSettings
from jianbao_streaming.kafka.transactions import Transactions
from jianbao_streaming.ports import Lag, LogUnavailableError, StartOverError, TopicState
from jianbao_streaming.records import Record

ACKNOWLEDGED_S = 30.0
"""How long one record may take until all in-sync replicas have it."""


class KafkaLog:
    """See `jianbao_streaming.ports.Log`. May be used from several threads."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._offsets = Offsets(settings)
        self._in_use = threading.Lock()
        self._producer: Producer | None = None
        self._transactions: Transactions | None = None

    def append(self, records: Sequence[Record]) -> None:
        """Append one record, or several in one transaction; return once all in-sync replicas have them."""
        with self._in_use:
            if len(records) == 1:
                self._append_one(checked(records[0]))
            elif records:
                self._append_together(records)

    def join(self, group: str, topics: Sequence[str]) -> KafkaMember:
        """Join a group; clients are made at the first poll."""
        return KafkaMember(self._settings, group, topics)

    def reader(self, topics: Sequence[str], *, start: Mapping[str, int] | None = None) -> KafkaReader:
        """Return a reader; `start` is a first offset in every partition of a topic."""
        return KafkaReader(self._settings, topics, start or {})

    def end(self, topic: str) -> int:
        """Return the sum of a topic's end offsets, with the markers of transactions in them."""
        return self._offsets.end(topic)

    def committed(self, group: str, topic: str) -> int:
        """Return the sum of a group's committed offsets."""
        return self._offsets.committed(group, topic)

    def topics(self) -> Sequence[TopicState]:
        """Return the state of all topics; counts are of offsets, so markers and compacted records are in them."""
        return self._offsets.topics()

    def groups(self) -> Mapping[str, Mapping[str, Lag]]:
        """Return, by group, the lag in offsets of every topic it has committed."""
        return self._offsets.groups()

    def close(self) -> None:
        """Close what appends and asks."""
        transactions, self._transactions = self._transactions, None
        producer, self._producer = self._producer, None
        if transactions is not None:
            transactions.close()
        if producer is not None:
            producer.close()
        self._offsets.close()

    def _append_one(self, record: Record) -> None:
        if self._producer is None:
            self._producer = Producer(self._settings.producer())
        producer, failed = self._producer, []
        done = threading.Event()

        def delivered(error: KafkaError | None, _message: Message) -> None:
            failed.append(error)
            done.set()

        partition = Partitions(producer).of(record)
        producer.produce(
            record.topic,
            record.value,
            record.key,
            partition=partition,
            headers=list(record.headers),
            on_delivery=delivered,
        )
        producer.flush(ACKNOWLEDGED_S)
        if not done.is_set():
            raise LogUnavailableError(f"Kafka did not acknowledge within {ACKNOWLEDGED_S:.0f} s; unknown if written")
        if failed[0] is not None:
            raise told(failed[0])

    def _append_together(self, records: Sequence[Record]) -> None:
        if self._transactions is None:
            self._transactions = Transactions(self._settings, f"jianbao-append-{uuid.uuid4()}")
        try:
            self._transactions.commit(records)
        except StartOverError as error:
            transactions, self._transactions = self._transactions, None
            transactions.close()
            raise LogUnavailableError(f"unknown if written: {error}") from error
