"""Every metric of the ingest API, with its meaning."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram


class IngestMetrics:
    """The metrics over a registry of their own, so that several APIs can live in one process of tests."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted = Counter(
            "jianbao_ingest_accepted",
            "Pushes that the log holds and that were answered so, by operation and lane.",
            ["operation", "lane"],
            registry=self.registry,
        )
        self.refused = Counter(
            "jianbao_ingest_refused",
            "Requests and batch items answered with a problem, by its code.",
            ["code"],
            registry=self.registry,
        )
        self.payloads = Counter(
            "jianbao_ingest_payloads",
            "Pushes whose content went to the payload store because their event would be too large for the log.",
            registry=self.registry,
        )
        self.append_seconds = Histogram(
            "jianbao_ingest_append_seconds",
            "Time of one append to the log, its sync included.",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
            registry=self.registry,
        )
        self.append_records = Histogram(
            "jianbao_ingest_append_records",
            "Records that shared one append.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
            registry=self.registry,
        )
