"""From a seed to the faults of a run: what happens to which process, after how many pushes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

PROCESSES = ("ingest-api", "normalize", "extract", "search-indexer", "ingest-receipts", "search-api")
SUPERVISOR, INDEX = "up", "index"

Deed = Literal["kill", "stop", "freeze", "pause", "delete index", "kill supervisor"]

LEAST_EACH = 3
"""Faults that every process suffers at least."""


@dataclass(frozen=True)
class Fault:
    """One fault. `after`: it is due when so many pushes were answered; `seconds`: how long a pause lasts.

    `kill` is SIGKILL, `stop` SIGTERM, `freeze` SIGSTOP for good (the supervisor must find out), `pause` SIGSTOP and
    SIGCONT.
    """

    after: int
    deed: Deed
    target: str
    seconds: float = 0.0


def faults(seed: int, pushes: int, many: int) -> list[Fault]:
    """Return so many faults of processes, spread over the pushes, and beside them one deletion of the index and one kill
    of the supervisor."""
    draw = random.Random(f"{seed}/faults")
    targets = [*PROCESSES] * min(LEAST_EACH, many // len(PROCESSES))
    targets += [draw.choice(PROCESSES) for _ in range(many - len(targets))]
    draw.shuffle(targets)
    deeds: list[tuple[Deed, str]] = [(_deed(draw), target) for target in targets]
    deeds.insert(round(len(deeds) * 0.35), ("delete index", INDEX))
    deeds.insert(round(len(deeds) * 0.65), ("kill supervisor", SUPERVISOR))
    step = pushes / (len(deeds) + 1)
    return [
        Fault(round(step * (place + draw.uniform(0.5, 1.5))), deed, target, draw.uniform(0.5, 5.0))
        for place, (deed, target) in enumerate(deeds)
    ]


def restarts(seed: int, pushes: int, many: int, target: str) -> list[Fault]:
    """Return so many faults of one process, spread over the pushes."""
    draw = random.Random(f"{seed}/restarts")
    step = pushes / (many + 1)
    return [
        Fault(round(step * (place + draw.uniform(0.5, 1.5))), _deed(draw), target, draw.uniform(0.5, 5.0))
        for place in range(many)
    ]


def _deed(draw: random.Random) -> Deed:
    deeds: tuple[Deed, ...] = ("kill", "stop", "freeze", "pause")
    return draw.choices(deeds, (55, 20, 10, 15))[0]
