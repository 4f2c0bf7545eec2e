"""What the supervisor tells of itself and of the machine: its health and metrics, served as those of any process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import get_args

from jianbao_contracts.audit_repair import Drift
from jianbao_standalone.supervisor.child import End
from jianbao_streaming.health import HealthServer, Liveness
from jianbao_streaming.metrics import declared, new_registry


class Report:
    """Counts what happens, for as long as the supervisor lives."""

    def __init__(self) -> None:
        self.registry = new_registry()
        self._liveness = Liveness(time.monotonic)
        self._ends = declared.SUPERVISOR_ENDS.make(self.registry)
        self._memory = declared.SUPERVISOR_MEMORY.make(self.registry)
        self._free = declared.SUPERVISOR_FREE.make(self.registry)
        self._jumps = declared.SUPERVISOR_CLOCK_JUMPS.make(self.registry)
        self._audit_difference = declared.AUDIT_DIFFERENCE.make(self.registry)
        self._audit_drift = declared.AUDIT_DRIFT.make(self.registry)
        self._audit_finished = declared.AUDIT_FINISHED.make(self.registry)

    def serve(self, port: int = 0) -> HealthServer:
        """Serve health and metrics on a local port until the returned server is closed; ready means: rounds are made."""
        return HealthServer(port, self._liveness, lambda: True, self.registry)

    def beat(self) -> None:
        """Note that a round begins."""
        self._liveness.beat()

    def ended(self, name: str, end: End) -> None:
        """Count the end of a process under who or what ended it."""
        if end.kill is not None:
            cause = end.kill.cause
        elif end.code < 0:
            cause = "system" if end.system_ran_out else "signal"
        else:
            cause = "exit"
        self._ends.labels(name, cause).inc()

    def memory(self, name: str, held: int) -> None:
        """Note how many bytes a process holds."""
        self._memory.labels(name).set(held)

    def free(self, free: int) -> None:
        """Note how many bytes the disk of the data folder can still take."""
        self._free.set(free)

    def jumped(self, jump: timedelta) -> None:
        """Count a jump of the clock."""
        self._jumps.labels("forward" if jump > timedelta(0) else "back").inc()

    def audited(self, differences: Mapping[str, int], drift: Mapping[str, int], finished_at: datetime) -> None:
        """Note the last audit: pushes in no state by office, differences by kind."""
        self._audit_difference.clear()
        for office, difference in differences.items():
            self._audit_difference.labels(office).set(difference)
        for kind in get_args(Drift):
            self._audit_drift.labels(kind).set(drift.get(kind, 0))
        self._audit_finished.set(finished_at.timestamp())
