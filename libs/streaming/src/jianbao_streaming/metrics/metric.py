"""What a metric is here: declared with its meaning, made in the registry of the process that exposes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

K = TypeVar("K", Counter, Gauge, Histogram)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Generic[K]):
    """One metric. `tells`: what its value means; `act`: what an operator does when it moves.

    `name` is without the `_total` that a counter gets. `processes`: the names of those that expose it. `buckets`: upper
    bounds of a histogram, in its unit.
    """

    kind: type[K]
    name: str
    unit: str
    tells: str
    act: str
    processes: Sequence[str]
    labels: Sequence[str] = ()
    buckets: Sequence[float] | None = None

    @property
    def exposed(self) -> str:
        """The name as queries use it."""
        return f"{self.name}_total" if self.kind is Counter else self.name

    def make(self, registry: CollectorRegistry) -> K:
        """Make the metric in a registry; a registry takes each metric once."""
        shape: dict[str, Any] = {} if self.buckets is None else {"buckets": self.buckets}
        return self.kind(self.name, f"{self.tells} {self.act}", self.labels, registry=registry, **shape)


def new_registry() -> CollectorRegistry:
    """Return a registry that already tells of the process itself: memory, CPU, open files, Python's version."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry
