"""How clients are set up: what the promises rest on, and what an operator may choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Setup = dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """`member` names this process among its replicas and stays the same over its restarts.

    `protocol`: `classic` (cooperative-sticky) or `consumer` (KIP-848). `extra` goes to every client as it is: security.
    """

    address: str
    member: str
    protocol: Literal["classic", "consumer"] = "classic"
    session_timeout_ms: int = 10_000
    longest_batch_ms: int = 300_000
    transaction_timeout_ms: int = 60_000
    extra: Mapping[str, str] = field(default_factory=dict)

    def common(self) -> Setup:
        """Return what every client gets."""
        return {
            "bootstrap.servers": self.address,
            "client.id": f"jianbao-{self.member}",
            "topic.metadata.propagation.max.ms": 3000,
            "reconnect.backoff.max.ms": 1000,
            **self.extra,
        }

    def consumer(self, group: str) -> Setup:
        """Return the setup of a group's member: offsets are committed with the outputs and in no other way."""
        setup: Setup = {
            **self.common(),
            "group.id": group,
            "group.instance.id": f"{group}-{self.member}",
            "group.protocol": self.protocol,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "max.poll.interval.ms": self.longest_batch_ms,
            "fetch.wait.max.ms": 100,
            "queued.max.messages.kbytes": 4096,
        }
        if self.protocol == "classic":  # with KIP-848 both are the broker's business, and the client refuses them
            setup["partition.assignment.strategy"] = "cooperative-sticky"
            setup["session.timeout.ms"] = self.session_timeout_ms
        return setup

    def reader(self) -> Setup:
        """Return the setup of a reader without a group."""
        return {
            **self.common(),
            "group.id": "jianbao-readers",  # asked for by librdkafka; nothing is ever committed under it
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 100,
        }

    def producer(self) -> Setup:
        """Return the setup of an idempotent producer: acks of all in-sync replicas, no waiting for company."""
        return {
            **self.common(),
            "acks": "all",
            "enable.idempotence": True,
            "linger.ms": 0,
            "compression.type": "zstd",
            "message.max.bytes": 8 * 1024 * 1024,
        }

    def transactional(self, transactional_id: str) -> Setup:
        """Return the setup of a producer whose outputs are seen together or not at all."""
        return {
            **self.producer(),
            "linger.ms": 5,
            "transactional.id": transactional_id,
            "transaction.timeout.ms": self.transaction_timeout_ms,
        }
