"""Conditions on documents as plain values, so that planning a query needs no engine and any engine can follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Term:
    """A field holds exactly this term; scored by BM25 times `boost`."""

    field: str
    value: str | int
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Sequence:
    """A field holds these terms next to one another, in order.

    `open_ends`: the first may be the end of a longer term and the last the beginning of one.
    """

    field: str
    terms: tuple[str, ...]
    boost: float = 1.0
    open_ends: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A number lies between two bounds, both included; None leaves a side open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; scores add up. Without parts it holds for nothing."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds; scores of those that do add up."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Preferring:
    """`required` holds; whichever of `better` holds too raises the score."""

    required: Condition
    better: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """`kept` holds and `excluded` does not."""

    kept: Condition
    excluded: Condition


@dataclass(frozen=True, slots=True)
class Unscored:
    """The part holds; it adds nothing to the score."""

    part: Condition


Condition: TypeAlias = Term | Sequence | Between | All | Either | Preferring | Without | Unscored

NOTHING = All(())
"""Holds for no document."""
