"""Outages: a stage reads nothing for a minute at half load, and must then catch up in less than a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from chaos.acts import Act
from chaos.ledger import Ledger
from chaos.load import Load
from chaos.machine import STAGES, Machine, until
from chaos.observing import Observer
from chaos.topics import Topics
from chaos.traffic import Traffic

OUTAGES = ("normalize", "extract", "search-indexer")

LONGEST_RECOVERY = 5.0
"""Outages that a recovery is waited for, before the run gives up."""

LAST = 20
"""Pushes looked at to know that all before them are through: stages keep the order of the log."""

WARM_UP, MEASURED = 60, 400
"""Pushes before the sustainable rate is measured, and those it is measured with."""


@dataclass(frozen=True)
class Outage:
    """What was measured: seconds without the stage, and until nothing waited any more. `rate`: pushes a second."""

    stage: str
    outage_s: float
    recovery_s: float
    rate: float

    @property
    def ok(self) -> bool:
        """Whether recovery took no longer than the outage."""
        return self.recovery_s <= self.outage_s


@dataclass(frozen=True)
class Outages:
    """Measures outages of a machine. `traffic` gives a sender, `acts` single pushes that were not made before."""

    machine: Machine
    topics: Topics
    ledger: Ledger
    observer: Observer
    traffic: Callable[[], Traffic]
    acts: Iterator[Act]
    say: Callable[[str], None]

    def all(self, seconds: float) -> list[Outage]:
        """Return what outages of so many seconds did, one a stage."""
        self._rate_of(WARM_UP)
        rate = self._rate_of(MEASURED)
        self.say(f"sustainable: {rate:.1f} pushes a second; outages of {seconds:.0f} s at half of it")
        return [self._measured(process, seconds, rate / 2) for process in OUTAGES]

    def _rate_of(self, pushes: int) -> float:
        """Return how many pushes a second go all the way when they are sent as fast as they are answered."""
        begun = time.monotonic()
        self.traffic().run(list(islice(self.acts, pushes)))
        self.observer.settled(120.0)
        return pushes / (time.monotonic() - begun)

    def _measured(self, process: str, seconds: float, rate: float) -> Outage:
        """Load goes on until all that came before the end of the outage is through; then the rest must run dry, too."""
        load = Load(self.traffic(), self.acts, rate)
        load.start()
        with self.topics.outage(STAGES[process], self.machine.stopped(process)):
            begun = time.monotonic()
            time.sleep(seconds)
            waiting = sum(self.topics.waiting().values())
        lifted = time.monotonic()
        self.say(f"{process} is back after {lifted - begun:.1f} s; {waiting} records wait")
        before = self.ledger.acknowledged[-LAST:]
        left = {one.push_id: one.push.office for one in before}

        def through() -> bool:
            for push_id, office in list(left.items()):
                if not self.observer.receipt(office, push_id).final:
                    return False
                del left[push_id]
            return True

        until(through, f"all that waited for {process} to be through", seconds * LONGEST_RECOVERY)
        load.end()
        self.observer.settled(120.0)
        outage = Outage(process, round(lifted - begun, 1), round(time.monotonic() - lifted, 1), round(rate, 1))
        self.say(f"{outage}")
        return outage
