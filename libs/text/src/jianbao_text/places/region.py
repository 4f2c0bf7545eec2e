"""What a region is, and what finding regions in a text gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["province", "prefecture", "county"]


@dataclass(frozen=True, slots=True)
class Region:
    """A division of county level or above under one name, with the years in which code and name were in force.

    `adcode` is the code of GB/T 2260; `valid_from` and `valid_to` are years of change, None for "before 1980" and
    "until today"; `successor` is the code that took over. `parent` is None for provinces.
    """

    adcode: str
    name: str
    level: Level
    parent: str | None
    valid_from: int | None
    valid_to: int | None
    successor: str | None

    @property
    def is_current(self) -> bool:
        """Whether the region exists today under this name."""
        return self.valid_to is None

    def stood(self, on: date | None) -> bool:
        """Whether it existed in the year of `on`; in a year of change old and new both did. Without a date: today."""
        if on is None:
            return self.is_current
        return (self.valid_from or 0) <= on.year <= (self.valid_to or 9999)


@dataclass(frozen=True, slots=True)
class RegionMention:
    """A region named at `text[start:end]`; `name` is its full official name (张家港市 for 张家港)."""

    text: str
    start: int
    end: int
    adcode: str
    name: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """Regions in reading order, every occurrence; `unresolved`: names of regions that do not exist, each once."""

    regions: list[RegionMention]
    unresolved: list[str]
