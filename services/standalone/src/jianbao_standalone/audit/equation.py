"""The equation: per office and Beijing day, pushes accepted = the sum over the ten states; the difference must be 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import get_args

from jianbao_contracts import State
from jianbao_standalone.audit.facts import Push
from jianbao_standalone.audit.states import Standing

STATES: tuple[State, ...] = get_args(State)


@dataclass(slots=True)
class Sum:
    """One office's pushes of one day: how many were accepted, and in how many each state was found."""

    office: str
    day: date
    accepted: int = 0
    states: Counter[State] = field(default_factory=Counter)

    @property
    def difference(self) -> int:
        """Pushes accepted less those found in a state; anything but 0 is wrong."""
        return self.accepted - sum(self.states.values())

    def row(self) -> dict[str, str | int | dict[str, int]]:
        """Return the sum in a stable JSON form."""
        return {
            "office": self.office,
            "day": self.day.isoformat(),
            "pushes": self.accepted,
            "states": {state: self.states[state] for state in STATES},
            "difference": self.difference,
        }


def equation(pushes: Iterable[tuple[Push, Standing]]) -> list[Sum]:
    """Return the sum of every office and day that has pushes, in order."""
    sums: dict[tuple[str, date], Sum] = {}
    for push, found in pushes:
        key = (push.office, push.day)
        one = sums.get(key)
        if one is None:
            one = sums[key] = Sum(*key)
        one.accepted += 1
        if found.state is not None:
            one.states[found.state] += 1
        if found.second is not None:
            one.states[found.second] += 1
    return [sums[key] for key in sorted(sums)]
