"""What librdkafka's errors mean for us: wait, start over, or stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from confluent_kafka import KafkaError, KafkaException

from jianbao_streaming.outcomes import FatalError
from jianbao_streaming.ports import FencedError, LogUnavailableError

T = TypeVar("T")

FENCED = frozenset(
    {
        KafkaError._FENCED,
        KafkaError.FENCED_INSTANCE_ID,
        KafkaError.INVALID_PRODUCER_EPOCH,
        KafkaError.PRODUCER_FENCED,
    }
)
"""Another process has this one's name (transactional id, or place in the group): it took over."""

MISCONFIGURED = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
        KafkaError.SASL_AUTHENTICATION_FAILED,
        KafkaError._AUTHENTICATION,
        KafkaError.UNSUPPORTED_VERSION,
    }
)

MOST_TRIES = 3
PAUSE_S = 0.05


def error_of(exception: KafkaException) -> KafkaError:
    """Return the error inside an exception."""
    error: KafkaError = exception.args[0]
    return error


def told(error: KafkaError) -> Exception:
    """Return what an error means to the runtime; all that may heal is LogUnavailableError."""
    if error.code() in FENCED:
        return FencedError(f"another process took this one's place: {error.str()}")
    if error.code() in MISCONFIGURED:
        return FatalError(f"Kafka refuses us: {error.str()}; check the address, the account and its rights")
    if error.fatal():
        return FatalError(f"Kafka client failed for good: {error.str()}")
    return LogUnavailableError(f"Kafka: {error.str()}")


def asked_again(act: Callable[[], T]) -> T:
    """Do `act`, again where librdkafka calls its error retriable. Raises KafkaException."""
    for number in range(1, MOST_TRIES + 1):
        try:
            return act()
        except KafkaException as exception:
            if number == MOST_TRIES or not error_of(exception).retriable():
                raise
            time.sleep(PAUSE_S)
    raise AssertionError("unreachable")
