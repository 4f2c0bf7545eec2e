"""A member of a consumer group: reads committed records, and commits outputs and offsets in one transaction.

Rebalances are served inside `poll` only, when nothing is in hand: a batch is finished, or given back, before a
partition leaves this member. Members without partitions stand by.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from jianbao_streaming.kafka.faults import asked_again, error_of, told
from jianbao_streaming.kafka.messages import stored
from jianbao_streaming.kafka.progress import Place, Progress
from jianbao_streaming.kafka.settings import KafkaSettings
from jianbao_streaming.kafka.transactions import CALL_S, Transactions
from jianbao_streaming.ports import LogUnavailableError, StartOverError
from jianbao_streaming.records import Record, StoredRecord

STEP_S = 0.1
"""Longest wait of one call to the client, so that end-of-partition events and errors are seen in time."""

WAITS = frozenset({KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._RESOLVE})
"""Errors that the client mends by itself as soon as a broker answers."""


class KafkaMember:
    """See `jianbao_streaming.ports.Member`. For one thread."""

    def __init__(self, settings: KafkaSettings, group: str, topics: Sequence[str]) -> None:
        self._settings = settings
        self._group = group
        self._topics = tuple(topics)
        self._progress = Progress(self._topics)
        self._consumer: Consumer | None = None
        self._transactions: Transactions | None = None

    @property
    def active(self) -> bool:
        """Whether partitions are assigned to this member."""
        return self._progress.active

    def poll(self, max_records: int, timeout: float) -> Sequence[StoredRecord]:
        """Return the next records; those of the most urgent topic first."""
        consumer = self._ready()
        deadline = time.monotonic() + timeout
        while True:
            found = self._sorted(consumer.consume(max_records, min(timeout, STEP_S)))
            self._let_patient_ones_come(consumer)
            if found:
                return found
            if time.monotonic() >= deadline:
                self._pass_markers(consumer)
                return found

    def commit(self, consumed: Sequence[StoredRecord], outputs: Sequence[Record]) -> None:
        """Commit outputs and offsets as one. Raises StartOverError where it cannot be known that this was done."""
        if self._consumer is None:
            raise StartOverError("the clients were dropped since these records were polled")
        offsets = [TopicPartition(*place, offset) for place, offset in self._progress.behind(consumed).items()]
        try:
            if outputs:
                self._in_a_transaction(self._consumer, outputs, offsets)
            else:
                self._offsets_alone(self._consumer, offsets)
        except StartOverError:
            self._drop()
            raise
        self._progress.committed(offsets)

    def rewind(self) -> None:
        """Go back to the committed offsets."""
        if self._consumer is not None:
            try:
                self._seek(self._consumer)
            except KafkaException:
                self._drop()  # the next poll joins anew, and starts from the committed offsets

    def lag(self) -> int:
        """Return how many offsets lie between the committed ones and the end, as far as the client knows the end."""
        if self._consumer is None:
            return 0
        ends = {place: self._end(self._consumer, place) for place in self._progress.places()}
        return self._progress.lag(ends)

    def close(self) -> None:
        """Leave the group."""
        self._drop()

    def _ready(self) -> Consumer:
        if self._consumer is not None:
            return self._consumer
        self._transactions = Transactions(self._settings, f"{self._group}-{self._settings.member}")
        consumer = Consumer(self._settings.consumer(self._group))
        consumer.subscribe(list(self._topics), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._revoked)
        self._consumer = consumer
        return consumer

    def _drop(self) -> None:
        consumer, self._consumer = self._consumer, None
        transactions, self._transactions = self._transactions, None
        self._progress = Progress(self._topics)
        if transactions is not None:
            transactions.close()
        if consumer is not None:
            consumer.close()

    def _sorted(self, messages: Sequence[Message]) -> list[StoredRecord]:
        found: list[StoredRecord] = []
        for message in messages:
            error = message.error()
            if error is None:
                found.append(stored(message))
            elif error.code() == KafkaError._PARTITION_EOF:
                self._progress.reached_end(message.topic(), message.partition(), message.offset())
            elif error.code() == KafkaError._MAX_POLL_EXCEEDED:
                continue  # the group went on without us; the next poll joins it again
            elif error.code() not in WAITS:
                self._refused(error)
        found.sort(key=lambda record: self._topics.index(record.topic))  # stable: order within a partition stays
        self._progress.handed_out(found)
        return found

    def _refused(self, error: KafkaError) -> None:
        meaning = told(error)
        if isinstance(meaning, LogUnavailableError):
            self._drop()
        raise meaning

    def _let_patient_ones_come(self, consumer: Consumer) -> None:
        if waiting := self._progress.patient_ones_may_come():
            consumer.resume([TopicPartition(*place) for place in waiting])

    def _pass_markers(self, consumer: Consumer) -> None:
        """Commit the ends that were seen, when nothing is in hand: else markers of transactions look like a lag."""
        offsets = [TopicPartition(*place, end) for place, end in self._progress.ends_to_commit().items()]
        if offsets:
            try:
                self._offsets_alone(consumer, offsets)
            except StartOverError:
                return  # only a figure for operators; the next idle poll tries again
            self._progress.committed(offsets)

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        known = consumer.committed(partitions, CALL_S)
        consumer.incremental_assign([TopicPartition(one.topic, one.partition, one.offset) for one in known])
        waiting = self._progress.assigned([(one.topic, one.partition, max(one.offset, 0)) for one in known])
        if waiting:
            consumer.pause([TopicPartition(*place) for place in waiting])

    def _revoked(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        consumer.incremental_unassign(partitions)
        self._progress.revoked([(one.topic, one.partition) for one in partitions])

    def _seek(self, consumer: Consumer) -> None:
        places = [TopicPartition(*place) for place in self._progress.places()]
        for one in consumer.committed(places, CALL_S) if places else ():
            start = max(one.offset, 0)
            consumer.seek(TopicPartition(one.topic, one.partition, start))
            self._progress.moved((one.topic, one.partition), start)

    def _in_a_transaction(self, consumer: Consumer, outputs: Sequence[Record], offsets: list[TopicPartition]) -> None:
        assert self._transactions is not None  # noqa: S101 - made together with the consumer

        def send(producer: Producer) -> None:
            metadata = consumer.consumer_group_metadata()
            asked_again(lambda: producer.send_offsets_to_transaction(offsets, metadata, CALL_S))

        self._transactions.commit(outputs, send)

    def _offsets_alone(self, consumer: Consumer, offsets: list[TopicPartition]) -> None:
        try:
            done = asked_again(lambda: consumer.commit(offsets=offsets, asynchronous=False))
        except KafkaException as exception:
            raise self._or_start_over(error_of(exception)) from exception
        for one in done or ():
            if one.error is not None:
                raise self._or_start_over(one.error)

    @staticmethod
    def _or_start_over(error: KafkaError) -> Exception:
        meaning = told(error)
        return StartOverError(str(meaning)) if isinstance(meaning, LogUnavailableError) else meaning

    @staticmethod
    def _end(consumer: Consumer, place: Place) -> int:
        _, high = consumer.get_watermark_offsets(TopicPartition(*place), cached=True)
        return int(high)
