"""Every metric of the search API, and what it tells an operator."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram


class ApiMetrics:
    """Metrics of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "search_requests",
            "Requests by route and status: 503 rises while the index is rebuilt, 400 where a client builds bad queries.",
            ["route", "status"],
            registry=self.registry,
            namespace="jianbao",
        )
        self._seconds = Histogram(
            "search_seconds",
            "Time to answer, by route: what a reader waits.",
            ["route"],
            registry=self.registry,
            namespace="jianbao",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one answer. `route` is a template of an address, never the address itself."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
