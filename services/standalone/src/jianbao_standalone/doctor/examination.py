"""Running all checks, each within its own time: none can hang the others, and one that fails is a finding itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jianbao_standalone.doctor.findings import Finding, problem

LIMIT_S = 5.0
"""Seconds a check may take: a look at a file or a socket takes milliseconds where all is well."""

THOROUGH_LIMIT_S = 3600.0


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: a data folder, at a moment; thorough: however long it takes."""

    data: Path
    now: datetime
    thorough: bool = False


Check = Callable[[Patient], Iterable[Finding]]


@dataclass(slots=True)
class _Run:
    name: str
    check: Check
    findings: list[Finding]
    thread: threading.Thread | None = None
    done: bool = False

    def begin(self, patient: Patient) -> None:
        self.thread = threading.Thread(target=self._do, args=(patient,), name=self.name, daemon=True)
        self.thread.start()

    def _do(self, patient: Patient) -> None:
        try:
            found = list(self.check(patient))
        except Exception as error:  # noqa: BLE001 - whatever is broken is why the doctor was called
            found = [
                problem(
                    self.name,
                    f"this could not be looked at: {type(error).__name__}: {error}",
                    "what is broken here hinders even looking at it",
                    "see whether the other findings explain it; if not, this is a bug: tell the maintainers",
                )
            ]
        self.findings, self.done = found, True


def examine(patient: Patient, checks: Sequence[tuple[str, Check]], limit_s: float | None = None) -> Iterator[Finding]:
    """Yield the findings of all checks in order. They run beside each other; who hangs is left behind."""
    limit = limit_s or (THOROUGH_LIMIT_S if patient.thorough else LIMIT_S)
    runs = [_Run(name, check, []) for name, check in checks]
    for run in runs:
        run.begin(patient)
    deadline = time.monotonic() + limit
    for run in runs:
        if run.thread is not None:
            run.thread.join(max(0.0, deadline - time.monotonic()))
        if run.done:
            yield from run.findings
        else:
            yield problem(
                run.name,
                f"this could not be looked at within {limit:.0f} s",
                "the disk or the machine is very slow, or hangs (a network drive that is away does that)",
                "see the messages of the system: dmesg | tail; then try again: jianbao doctor --thorough",
            )
