"""What can be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["lost", "invented", "twice", "stuck", "wrong", "order"]

KINDS: tuple[Kind, ...] = ("lost", "invented", "twice", "stuck", "wrong", "order")


@dataclass(frozen=True)
class Violation:
    """One promise that was broken: what it is about (an id, a topic, a phrase), and what was seen instead.

    lost: acknowledged, and something that must be is not there. invented: something is there that nobody pushed. twice:
    once too often. stuck: not at its end. wrong: at another end, or shown otherwise, than it must be. order: revisions
    in another order than their pushes.
    """

    kind: Kind
    about: str
    told: str

    def __str__(self) -> str:
        """As a line of the report."""
        return f"{self.kind.upper()}: {self.about}: {self.told}"
