"""One machine under test with everything that speaks to it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from chaos import generator
from chaos.acts import Act
from chaos.auditing import audit, imbalance
from chaos.client import Client
from chaos.embedded import EmbeddedTopics
from chaos.faults import Fault
from chaos.ledger import Ledger
from chaos.machine import Machine
from chaos.observing import Observer
from chaos.progress import Progress
from chaos.report import say, tell
from chaos.striker import Striker
from chaos.topics import Topics
from chaos.traffic import Traffic
from chaos.verdict import verify

ENGINES = {"sqlite": EmbeddedTopics}
"""How the topics of each engine are read from the side."""

STUCK_S = 150.0
"""Without any movement for so long, what still waits is stuck: above the longest pause between two lives of a process
and the time after which a frozen one is replaced."""


class Trial:
    """A running machine, its offices, the book of what it acknowledged, and who looks at it."""

    def __init__(self, engine: str, machine: Machine, keys: Mapping[str, str]) -> None:
        """`keys`: of each office that pushes."""
        self.machine = machine
        self.ledger = Ledger()
        self.topics: Topics = ENGINES[engine](machine.data)
        self.observer = Observer(self.topics, self.client, self.ledger, list(keys))
        self._keys = keys
        self._begun = time.monotonic()

    def client(self, service: str) -> Client:
        """Return a connection to a process."""
        return Client(self.machine, service, self.ledger, self._keys)

    def traffic(self, progress: Progress | None = None, pause_s: float = 0.0) -> Traffic:
        """Return a sender."""
        return Traffic(lambda: self.client("ingest-api"), self.ledger, progress or Progress(), pause_s)

    def push_and_strike(self, acts: Sequence[Act], faults: Sequence[Fault], least_s: float) -> Striker:
        """Do all acts while all faults are done, at least `least_s` seconds apart; let it settle; return the striker."""
        progress = Progress([fault.after for fault in faults])
        striker = Striker(self.machine, faults, progress, say, least_s)
        say(f"{sum(len(act.pushes) for act in acts)} pushes, {len(faults)} faults; data in {self.machine.data}")
        striker.start()
        self.traffic(progress, least_s * len(faults) * generator.WORKERS / len(acts)).run(acts)
        progress.end()
        striker.join()
        say(f"{len(self.ledger.acknowledged)} pushes acknowledged; letting everything settle")
        say(f"nothing moves any more after {self.observer.settled(STUCK_S):.0f} s")
        return striker

    def judged(self, strikes: Striker) -> dict[str, object]:
        """Return the part of the summary that every run has; violations are told to people."""
        books = audit(self.machine)
        violations = verify(self.observer.observe())
        difference = imbalance(books, len({one.push_id for one in self.ledger.acknowledged}))
        for failed in strikes.failed:
            say(f"NOT DONE: {failed}")
        counted = tell(violations)
        kinds = Counter(one.push.kind for one in self.ledger.acknowledged)
        return {
            "pushes": sum(kinds.values()),
            "by_kind": dict(sorted(kinds.items())),
            "kills": strikes.done["kill"],
            "stops": strikes.done["stop"] + strikes.done["freeze"] + strikes.done["pause"],
            "victims": dict(sorted(strikes.victims.items())),
            "index_deletions": strikes.done["delete index"],
            "supervisor_kills": strikes.done["kill supervisor"],
            **counted,
            "audit_difference": difference if books else None,
            "seconds": round(time.monotonic() - self._begun, 1),
            "ok": not violations and not strikes.failed and not difference,
        }


@contextmanager
def trial(engine: str, folder: Path) -> Iterator[Trial]:
    """Start a machine over a new folder, with all offices, and stop it in the end."""
    machine = Machine(folder / "data", deadly=True)
    try:
        machine.start()
        keys = {office: machine.add_office(office) for office in (*generator.OFFICES, generator.STRICT)}
        machine.run("offices", "policy", generator.STRICT, "reject")
        yield Trial(engine, machine, keys)
    finally:
        code = machine.stop()
    if code:
        raise RuntimeError(f"jianbao up ended with {code} when it was asked to stop; see {folder / 'up.log'}")
