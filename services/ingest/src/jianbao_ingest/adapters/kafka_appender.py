"""Appending to Kafka: an idempotent producer, its delivery reports handed to the requests that wait for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from confluent_kafka import KafkaError, Message, Producer

from jianbao_ingest.metrics import IngestMetrics
from jianbao_streaming import LogUnavailableError, Record
from jianbao_streaming.kafka.faults import told
from jianbao_streaming.kafka.messages import Partitions, checked
from jianbao_streaming.kafka.settings import KafkaSettings

DEADLINE_S = 1.8
"""How long a request waits for its acknowledgement: an office gets its 503 within two seconds, never a hang."""

POLL_S = 0.1


class KafkaAppender:
    """See `jianbao_ingest.ports.Appender`. What was not acknowledged in time expires in the client, too."""

    def __init__(self, settings: KafkaSettings, metrics: IngestMetrics, *, deadline_s: float = DEADLINE_S) -> None:
        self._metrics = metrics
        self._deadline_s = deadline_s
        self._producer = Producer({**settings.producer(), "delivery.timeout.ms": int(deadline_s * 1000)})
        self._partitions = Partitions(self._producer, deadline_s)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="delivery-reports", daemon=True)
        self._thread.start()

    async def append(self, records: Sequence[Record]) -> None:
        """Return once all in-sync replicas have all records. Raises LogUnavailableError: unknown, or not written."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._deadline_s):
                if not all(self._partitions.knows(record.topic) for record in records):
                    await loop.run_in_executor(None, self._placed, records)  # asks the broker, which may be away
                placed = self._placed(records)
                with self._metrics.append_seconds.time():
                    await asyncio.gather(*(self._produce(loop, partition, record) for partition, record in placed))
        except TimeoutError:
            raise LogUnavailableError(f"Kafka did not acknowledge within {self._deadline_s} s") from None
        self._metrics.append_records.observe(len(records))

    def close(self) -> None:
        """Wait for what is under way, then stop."""
        self._producer.flush(self._deadline_s)
        self._closing.set()
        self._thread.join()
        self._producer.close()

    def _placed(self, records: Sequence[Record]) -> list[tuple[int, Record]]:
        return [(self._partitions.of(checked(record)), record) for record in records]

    def _produce(self, loop: asyncio.AbstractEventLoop, partition: int, record: Record) -> asyncio.Future[None]:
        acknowledged: asyncio.Future[None] = loop.create_future()

        def settle(error: KafkaError | None) -> None:
            if acknowledged.done():
                return
            if error is None:
                acknowledged.set_result(None)
            else:
                acknowledged.set_exception(told(error))

        def delivered(error: KafkaError | None, _message: Message) -> None:
            loop.call_soon_threadsafe(settle, error)

        try:
            self._producer.produce(
                record.topic,
                record.value,
                record.key,
                partition=partition,
                headers=list(record.headers),
                on_delivery=delivered,
            )
        except BufferError:
            acknowledged.set_exception(LogUnavailableError("too much waits for Kafka already"))
        return acknowledged

    def _poll(self) -> None:
        while not self._closing.is_set():
            self._producer.poll(POLL_S)
