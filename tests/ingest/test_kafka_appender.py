"""Pushes into a real Kafka: acknowledged by the broker, or refused in time."""

from __future__ import annotations

import asyncio
import time
import uuid

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from jianbao_ingest.adapters.kafka_appender import KafkaAppender
from jianbao_ingest.metrics import IngestMetrics
from jianbao_streaming import LogUnavailableError, Record
from jianbao_streaming.kafka.log import KafkaLog
from jianbao_streaming.kafka.settings import KafkaSettings


@pytest.fixture
def topic(kafka_address: str) -> str:
    name = f"test.{uuid.uuid4().hex[:12]}"
    admin = AdminClient({"bootstrap.servers": kafka_address})
    for made in admin.create_topics([NewTopic(name, 3, 1)]).values():
        made.result()
    return name


def push(topic: str, number: int) -> Record:
    key = f"office.{number % 7}".encode()
    return Record(topic, key, str(number).encode(), (("ce_id", b"1"),), key)


def test_what_was_acknowledged_is_there_in_the_order_of_each_key(kafka_address: str, topic: str) -> None:
    async def push_all() -> None:
        appender = KafkaAppender(KafkaSettings(kafka_address, "ingest"), IngestMetrics())
        try:
            await appender.append([push(topic, 0)])  # at once before the topic is known, requests may change places
            for start in range(1, 141, 20):
                await asyncio.gather(*(appender.append([push(topic, start + n)]) for n in range(20)))
        finally:
            appender.close()

    asyncio.run(push_all())
    reader = KafkaLog(KafkaSettings(kafka_address, "reader")).reader([topic])
    found = []
    while batch := reader.poll(500, 0):
        found += batch
    reader.close()
    assert sorted(int(one.value or b"") for one in found) == list(range(141))
    for key in {one.key for one in found}:
        numbers = [int(one.value or b"") for one in found if one.key == key]
        assert numbers == sorted(numbers)


def test_without_a_broker_a_push_is_refused_within_two_seconds() -> None:
    async def push_one() -> float:
        appender = KafkaAppender(KafkaSettings("127.0.0.1:9", "ingest"), IngestMetrics())
        begun = time.monotonic()
        with pytest.raises(LogUnavailableError):
            await appender.append([push("bulletins.raw", 1)])
        took = time.monotonic() - begun
        appender.close()
        return took

    assert asyncio.run(push_one()) < 2.0


def test_a_topic_that_is_not_there_is_refused_and_says_how_to_make_it(kafka_address: str) -> None:
    async def push_one() -> None:
        appender = KafkaAppender(KafkaSettings(kafka_address, "ingest"), IngestMetrics())
        try:
            await appender.append([push("no.such.topic", 1)])
        finally:
            appender.close()

    with pytest.raises(LogUnavailableError, match="topics apply"):
        asyncio.run(push_one())
