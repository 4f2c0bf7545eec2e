"""Doing the faults of a plan, each when it is due."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from chaos.faults import Fault
from chaos.machine import Machine, NotSeenError
from chaos.progress import Progress


class Striker(threading.Thread):
    """Strikes at a machine; `done` counts the deeds that were done, `failed` tells those that could not be."""

    def __init__(
        self, machine: Machine, plan: Sequence[Fault], progress: Progress, say: Callable[[str], None], least_s: float
    ) -> None:
        """`least_s`: seconds between two faults, so that what one broke can be seen to heal."""
        super().__init__(name="striker", daemon=True)
        self._machine = machine
        self._plan = plan
        self._progress = progress
        self._say = say
        self._least_s = least_s
        self.done: Counter[str] = Counter()
        self.victims: Counter[str] = Counter()
        self.failed: list[str] = []

    def run(self) -> None:
        """Do the plan."""
        for fault in self._plan:
            self._progress.wait_for_fault()
            begun = time.monotonic()
            self._say(f"{self._progress.pushes} pushes: {fault.deed} {fault.target}")
            try:
                self._strike(fault)
                self.done[fault.deed] += 1
                self.victims[fault.target] += 1
            except NotSeenError as error:
                self.failed.append(f"{fault.deed} {fault.target}: {error}")
            self._progress.struck()
            time.sleep(max(0.0, begun + self._least_s - time.monotonic()))

    def _strike(self, fault: Fault) -> None:
        match fault.deed:
            case "kill":
                self._machine.signal(fault.target, signal.SIGKILL)
            case "stop":
                self._machine.signal(fault.target, signal.SIGTERM)
            case "freeze":
                self._machine.signal(fault.target, signal.SIGSTOP)
            case "pause":
                self._machine.pause(fault.target, fault.seconds)
            case "delete index":
                self._machine.delete_index()
            case "kill supervisor":
                self._machine.kill_supervisor()
