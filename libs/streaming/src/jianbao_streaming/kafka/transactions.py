"""Transactions: outputs and offsets become visible together or not at all.

An exception from `commit_transaction` does not say that it failed: its outcome is unknown. Then this producer is thrown
away and its successor, under the same transactional id, ends what is open before anybody reads on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from confluent_kafka import KafkaException, Producer

from jianbao_streaming.kafka.faults import asked_again, error_of, told
from jianbao_streaming.kafka.messages import Partitions, checked
from jianbao_streaming.kafka.settings import KafkaSettings
from jianbao_streaming.ports import LogUnavailableError, StartOverError
from jianbao_streaming.records import Record

CALL_S = 10.0
"""How long one call to the broker may take: a restarting broker is back by then, or the batch starts over."""


class Transactions:
    """A transactional producer under one id; only the latest process with this id can commit."""

    def __init__(self, settings: KafkaSettings, transactional_id: str) -> None:
        """Raises LogUnavailableError where the broker is away."""
        self._producer = Producer(settings.transactional(transactional_id))
        self._partitions = Partitions(self._producer)
        try:
            asked_again(lambda: self._producer.init_transactions(CALL_S))
        except KafkaException as exception:
            raise told(error_of(exception)) from exception

    def commit(
        self, records: Sequence[Record], send_offsets: Callable[[Producer], None] = lambda _producer: None
    ) -> None:
        """Produce all records, and offsets where `send_offsets` sends some, as one.

        Raises StartOverError where the transaction was aborted or its outcome is unknown (this object is of no more
        use then), FencedError, FatalError, and LogUnavailableError where nothing was begun.
        """
        placed = [(self._partitions.of(checked(record)), record) for record in records]
        begun = False
        try:
            self._producer.begin_transaction()
            begun = True
            for partition, record in placed:
                self._produce(partition, record)
            send_offsets(self._producer)
            asked_again(lambda: self._producer.commit_transaction(CALL_S))
        except KafkaException as exception:
            raise self._ended(exception, begun=begun) from exception

    def _produce(self, partition: int, record: Record) -> None:
        while True:
            try:
                self._producer.produce(
                    record.topic, record.value, record.key, partition=partition, headers=list(record.headers)
                )
            except BufferError:  # the local queue is full: let it drain
                self._producer.poll(0.1)
            else:
                self._producer.poll(0)
                return

    def _ended(self, exception: KafkaException, *, begun: bool) -> Exception:
        error = error_of(exception)
        meaning = told(error)
        if not isinstance(meaning, LogUnavailableError):
            return meaning
        if begun and error.txn_requires_abort():
            try:
                asked_again(lambda: self._producer.abort_transaction(CALL_S))
            except KafkaException:
                return StartOverError(f"a transaction could not be aborted: {error.str()}")
        return StartOverError(f"a transaction did not end well: {error.str()}")

    def close(self) -> None:
        """Drop what is open; the broker forgets it, and a successor under the same id ends it at once."""
        self._producer.purge()
        with contextlib.suppress(KafkaException):  # a fenced producer can only be dropped
            self._producer.close()
