"""Work that the supervisor does now and then beside its rounds, each in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from jianbao_streaming import FatalError, TransientError

Wanted = Callable[[], bool]
"""Whether the work is still wanted: asked now and then by what takes long."""


@dataclass(slots=True)
class Job:
    """Work to be done every `period_s` seconds, for the first time `first_s` after the start; None: only once.

    `act` returns a line for the operator, or None. It may raise TransientError or OSError, which is told, and
    FatalError, which stops everything. `thread`, `due` (monotonic) and `done` are how far it is.
    """

    name: str
    act: Callable[[Wanted], str | None]
    period_s: float | None
    first_s: float
    thread: threading.Thread | None = None
    due: float | None = None
    done: bool = False


@dataclass(slots=True)
class Jobs:
    """All of them. Belongs to the main thread, but for what the jobs themselves do."""

    jobs: Sequence[Job]
    tell: Callable[[str], None]
    fatal: FatalError | None = None
    _unwanted: threading.Event = field(default_factory=threading.Event)

    def round(self) -> None:
        """Start what is due. Raises the FatalError that a job met."""
        if self.fatal is not None:
            raise self.fatal
        now = time.monotonic()
        for job in self.jobs:
            job.due = now + job.first_s if job.due is None else job.due
            running = job.thread is not None and job.thread.is_alive()
            if not running and not job.done and now >= job.due:
                job.due, job.done = now + (job.period_s or 0.0), job.period_s is None
                job.thread = threading.Thread(target=self._run, args=(job,), name=job.name, daemon=True)
                job.thread.start()

    def stop(self) -> None:
        """Ask all that run to end, and wait until they have: nobody reads the data folder after this."""
        self._unwanted.set()
        for job in self.jobs:
            if job.thread is not None:
                job.thread.join()
        self._unwanted.clear()

    def _run(self, job: Job) -> None:
        try:
            line = job.act(lambda: not self._unwanted.is_set())
        except FatalError as error:
            self.fatal = error
        except (TransientError, OSError) as error:
            self.tell(f"{job.name} could not be done, and is tried again: {error}")
        else:
            if line is not None:
                self.tell(line)
