"""Finding regions in text: names by Aho-Corasick, their meaning by what stands before, around and behind them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import ahocorasick_rs

from jianbao_text.places.hits import Hit, Strength, judge, names, quoted_spans, stands_free
from jianbao_text.places.misprints import misprint
from jianbao_text.places.region import Mentions, Region, RegionMention

_LEVELS: Final = {"province": 3, "prefecture": 2, "county": 1}
_NEARBY: Final = 60
"""How many mentions on either side may speak for the meaning of an ambiguous one; keeps the time linear."""
_CONJUNCTIONS: Final = frozenset("、和与及")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class _Found:
    """A hit on its way to a region."""

    hit: Hit
    choices: list[Region]
    region: Region | None = None
    proven: bool = False


class Finder:
    """Finds the names of a gazetteer. Built once; `find` keeps no state."""

    def __init__(self, by_name: dict[str, list[Region]], lineage: Mapping[str, frozenset[str]]) -> None:
        self._names = names(by_name)
        self._automaton = ahocorasick_rs.AhoCorasick([name.text for name in self._names])
        self._lineage = lineage

    def find(self, text: str, on: date | None, home: str | None) -> Mentions:
        """Regions of `text` in reading order and the names of regions that do not exist."""
        text = _SURROGATE.sub("\ufffd", text)
        found, unresolved = self._chains(text, on)
        self._by_context(found, home)
        self._prove(text, found, home)
        mentions = [
            RegionMention(text[f.hit.start : f.hit.end], f.hit.start, f.hit.end, f.region.adcode, f.region.name)
            for f in found
            if f.region and f.proven
        ]
        known = {f.hit.start for f in found}
        unresolved += [
            name
            for f in found
            if f.region and f.proven and f.hit.name.full and f.region.level != "county" and f.hit.end not in known
            for name in [misprint(text, f.hit.end, f.region.adcode)]
            if name
        ]
        return Mentions(mentions, list(dict.fromkeys(unresolved)))

    def _hits(self, text: str) -> list[Hit]:
        """Names in reading order, longest first where several begin, none overlapping another."""
        spans = quoted_spans(text)
        starts = [start for start, _ in spans]
        raw = sorted(self._automaton.find_matches_as_indexes(text, overlapping=True), key=lambda m: (m[1], -m[2]))
        begins = {start for index, start, _ in raw if self._names[index].distinct}
        hits: list[Hit] = []
        for index, start, end in raw:
            taken = hits[-1].end if hits else 0
            if start < taken and not (hits[-1].strength == Strength.NEEDS_PROOF and end > taken):
                continue
            name = self._names[index]
            strength = judge(text, start, end, name, chained=start == taken and bool(hits), followed=end in begins)
            quote = bisect_right(starts, start) - 1
            if not name.full and quote >= 0 and end <= spans[quote][1]:
                continue
            if start < taken:
                if strength != Strength.FULL:
                    continue
                hits.pop()
            if strength:
                hits.append(Hit(start, end, name, strength))
        return hits

    def _chains(self, text: str, on: date | None) -> tuple[list[_Found], list[str]]:
        """Names behind the name they belong to, and names that mean one region only."""
        found: list[_Found] = []
        unresolved: list[str] = []
        for hit in self._hits(text):
            before = found[-1] if found and found[-1].hit.end == hit.start else None
            item = _Found(hit, _standing(hit, on))
            below = self._below(before, hit) if before else []
            if before and below:
                item.region = _first_standing(below, on)
                item.proven = True
                self._settle_parent(before, item.region)
            elif before and _outranks(before, hit):
                if not hit.name.ordinary and hit.name.full and before.hit.name.full and before.region:
                    unresolved.append(hit.name.text)
                continue
            elif hit.name.ordinary and hit.name.full:
                continue
            elif len(item.choices) == 1:
                item.region = item.choices[0]
                item.proven = hit.strength >= Strength.SHORT
            found.append(item)
        return found, unresolved

    def _below(self, before: _Found, hit: Hit) -> list[Region]:
        above = {region.adcode for region in ([before.region] if before.region else before.hit.name.regions)}
        below = [r for r in hit.name.regions if r.adcode not in above and above & self._lineage[r.adcode]]
        if below or not before.region:
            return below
        above = {region.adcode for region in before.hit.name.regions}
        return [r for r in hit.name.regions if r.adcode not in above and above & self._lineage[r.adcode]]

    def _settle_parent(self, before: _Found, child: Region) -> None:
        lineage = self._lineage[child.adcode]
        if not before.region or before.region.adcode not in lineage:
            before.region = next((r for r in before.hit.name.regions if r.adcode in lineage), before.region)
        before.proven = True

    def _by_context(self, found: list[_Found], home: str | None) -> None:
        """Several regions of one name: the one whose family stands nearest before it, then the issuer's, then behind."""
        for index, item in enumerate(found):
            if item.region:
                continue
            family = [
                f.region.adcode for f in reversed(found[max(0, index - _NEARBY) : index]) if f.region and f.proven
            ]
            family += [home] if home else []
            family += [f.region.adcode for f in found[index + 1 : index + _NEARBY] if f.region and f.proven]
            choices = item.choices
            for adcode in family:
                if len(choices) == 1:
                    break
                lineage = self._lineage.get(adcode, frozenset())
                near = [c for c in choices if (self._lineage[c.adcode] & lineage)]
                nearer = [
                    c for c in near if any(not code.endswith("0000") for code in self._lineage[c.adcode] & lineage)
                ]
                choices = nearer or near or choices
            if len(choices) == 1 and (len(item.choices) == 1 or family):
                item.region = choices[0]
                item.proven = item.hit.strength >= Strength.SHORT

    def _prove(self, text: str, found: list[_Found], home: str | None) -> None:
        """A weak short name counts if its region is proven elsewhere in the text; if it stands free, its family is named
        (or is the issuer's) and the word means nothing else; or in a list with a sister region."""
        named = {f.region.adcode for f in found if f.region and f.proven}
        families = {code for adcode in named for code in self._lineage[adcode]} | set(self._lineage.get(home or "", ()))
        for item in found:
            if not item.region or item.proven:
                continue
            if item.region.adcode in named:
                item.proven = True
            elif item.region.adcode == home or not item.hit.name.ordinary:
                item.proven = bool(self._lineage[item.region.adcode] & families) and stands_free(text, item.hit)
        for pairs in (pairwise(found), pairwise(reversed(found))):
            for known, item in pairs:
                item.proven = item.proven or (_are_sisters(known, item) and _are_listed(text, known, item))


def _are_sisters(known: _Found, item: _Found) -> bool:
    return bool(known.proven and known.region and item.region and known.region.parent == item.region.parent)


def _are_listed(text: str, one: _Found, other: _Found) -> bool:
    """任丘、黄骅和泊头: nothing but a conjunction between them, and nothing that reaches into the last."""
    first, last = sorted((one.hit, other.hit), key=lambda hit: hit.start)
    return text[first.end : last.start] in _CONJUNCTIONS and stands_free(text, first) and stands_free(text, last)


def _standing(hit: Hit, on: date | None) -> list[Region]:
    """Regions of the name that stood at the time, else those of today, else the last ones; for short names the highest."""
    regions = hit.name.regions
    standing = [r for r in regions if r.stood(on)] or [r for r in regions if r.is_current]
    if not standing:
        last = max(r.valid_to or 0 for r in regions)
        standing = [r for r in regions if r.valid_to == last]
    if not hit.name.full:
        highest = max(_LEVELS[r.level] for r in standing)
        standing = [r for r in standing if _LEVELS[r.level] == highest]
    return standing


def _first_standing(regions: list[Region], on: date | None) -> Region:
    return next((r for r in regions if r.stood(on)), regions[0])


def _outranks(before: _Found, hit: Hit) -> bool:
    """Whether the region before stands above every region of this name, so that only a child of it could follow."""
    level = max(_LEVELS[r.level] for r in (before.choices if before.region is None else [before.region]))
    return level > max(_LEVELS[r.level] for r in hit.name.regions) and hit.name.full
