"""The metrics of a stage, each under the stage's name."""

from __future__ import annotations

from jianbao_streaming.metrics import declared
from jianbao_streaming.metrics.metric import new_registry


class StageMetrics:
    """Metrics of one process, in a registry of its own."""

    def __init__(self, stage: str) -> None:
        self.registry = new_registry()
        self._stage = stage
        records = declared.RECORDS.make(self.registry)
        self.emitted = records.labels(stage, "emitted")
        self.skipped = records.labels(stage, "skipped")
        self.dead_lettered = records.labels(stage, "dead_letter")
        self._reasons = declared.REASONS.make(self.registry)
        self.retries = declared.TRANSIENT_ERRORS.make(self.registry).labels(stage)
        self.batch_seconds = declared.BATCH_SECONDS.make(self.registry).labels(stage)
        self.lag = declared.LAG_RECORDS.make(self.registry).labels(stage)
        self.lag_seconds = declared.LAG_SECONDS.make(self.registry).labels(stage)
        self.active = declared.ACTIVE.make(self.registry).labels(stage)

    def reason(self, reason: str) -> None:
        """Count one skip or dead letter under its reason (a code, never free text)."""
        self._reasons.labels(self._stage, reason).inc()
