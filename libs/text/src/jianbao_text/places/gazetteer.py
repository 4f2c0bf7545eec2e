"""The table of regions: by code, by name, upwards to the province, and forward to today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, cached_property
from importlib import resources

from jianbao_text.places.mentions import Finder
from jianbao_text.places.names import short_names
from jianbao_text.places.region import Mentions, Region


class Gazetteer:
    """Regions of today and of the past; one adcode may have stood for several names over time."""

    def __init__(self, regions: Iterable[Region], common_names: Iterable[tuple[str, str]] = ()) -> None:
        """`common_names`: code and name, where people say another than the full name or a part of it."""
        self.regions = tuple(regions)
        self._by_code: dict[str, Region] = {}
        self._by_name: dict[str, list[Region]] = defaultdict(list)
        for region in sorted(self.regions, key=lambda r: (not r.is_current, -(r.valid_to or 0))):
            self._by_code.setdefault(region.adcode, region)
            for name in (region.name, *short_names(region.name)):
                self._by_name[name].append(region)
        for adcode, name in common_names:
            self._by_name[name].append(self._by_code[adcode])

    def region(self, adcode: str) -> Region | None:
        """The region that has this code today, else the last one that had it."""
        return self._by_code.get(adcode)

    def ancestors(self, adcode: str) -> tuple[str, ...]:
        """Codes upwards: itself first, the province last; empty for an unknown code."""
        return tuple(region.adcode for region in self._upwards(adcode))

    def path_name(self, adcode: str) -> str:
        """Full name from the province down, e.g. 江苏省苏州市张家港市; empty for an unknown code."""
        return "".join(region.name for region in reversed(list(self._upwards(adcode))))

    def named(self, name: str) -> list[Region]:
        """Regions with this full or short name, those of today first."""
        return list(self._by_name.get(name, ()))

    def today(self, adcode: str) -> str:
        """The code that stands for `adcode` today, following successors; itself where none is known."""
        seen: set[str] = set()
        while adcode not in seen:
            seen.add(adcode)
            region = self._by_code.get(adcode)
            if region is None or region.is_current or region.successor is None:
                return adcode
            adcode = region.successor
        return adcode

    def find(self, text: str, *, on: date | None = None, home: str | None = None) -> Mentions:
        """Regions named in `text`, which was written on `on` by an office of region `home`; time is linear in the text."""
        return self._finder.find(text, on, home)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self._by_name, {code: frozenset(self.ancestors(code)) for code in self._by_code})

    def _upwards(self, adcode: str) -> Iterator[Region]:
        region = self._by_code.get(adcode)
        while region:
            yield region
            region = self._by_code.get(region.parent) if region.parent else None


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of this package, read once."""
    return Gazetteer(map(_region, _lines("regions.tsv")), map(_common_name, _lines("common_names.tsv")))


def _lines(file: str) -> list[str]:
    text = resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def _common_name(line: str) -> tuple[str, str]:
    adcode, name = line.split("\t")
    return adcode, name


def _region(line: str) -> Region:
    adcode, name, parent, valid_from, valid_to, successor = line.split("\t")
    return Region(
        adcode=adcode,
        name=name,
        level="province" if adcode.endswith("0000") else "prefecture" if adcode.endswith("00") else "county",
        parent=parent or None,
        valid_from=int(valid_from) if valid_from else None,
        valid_to=int(valid_to) if valid_to else None,
        successor=successor or None,
    )
