"""Every metric of a stage, and what it tells an operator."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class StageMetrics:
    """Metrics of one process, in a registry of its own."""

    def __init__(self, stage: str) -> None:
        self.registry = CollectorRegistry()
        self._stage = stage
        records = Counter(
            "records",
            "Records by what became of them: emitted, skipped, dead_letter.",
            ["stage", "outcome"],
            registry=self.registry,
            namespace="jianbao",
        )
        self.emitted = records.labels(stage, "emitted")
        self.skipped = records.labels(stage, "skipped")
        self.dead_lettered = records.labels(stage, "dead_letter")
        self._reasons = Counter(
            "reasons",
            "Skips and dead letters by reason: what offices send us.",
            ["stage", "reason"],
            registry=self.registry,
            namespace="jianbao",
        )
        self.retries = Counter(
            "transient_errors",
            "Batches tried again in place: rises while a server or disk is away.",
            ["stage"],
            registry=self.registry,
            namespace="jianbao",
        ).labels(stage)
        self.batch_seconds = Histogram(
            "batch_seconds",
            "Time from the first record of a batch in hand to its commit: what a bulletin waits here at least.",
            ["stage"],
            registry=self.registry,
            namespace="jianbao",
        ).labels(stage)
        self.lag = Gauge(
            "lag_records",
            "Records waiting before this stage: grows while it is too slow or down.",
            ["stage"],
            registry=self.registry,
            namespace="jianbao",
        ).labels(stage)
        self.active = Gauge(
            "active",
            "1 where this process handles records, 0 where it stands by.",
            ["stage"],
            registry=self.registry,
            namespace="jianbao",
        ).labels(stage)

    def reason(self, reason: str) -> None:
        """Count one skip or dead letter under its reason (a code, never free text)."""
        self._reasons.labels(self._stage, reason).inc()
