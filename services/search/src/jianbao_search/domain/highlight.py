"""Where what was looked for stands in a text, by own offsets: the same on every engine, and true to the original."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jianbao_search.domain.analysis import comparable, units
from jianbao_search.domain.plan import is_pasted, pieces
from jianbao_search.domain.query import Exactly, Words

BETWEEN = r"[^\w\ufffd]{0,6}?"
"""Punctuation and space that may stand between the characters of one find; a line break and quotes at most."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A find at [start, end) of the text; `term` tells different things looked for apart."""

    start: int
    end: int
    term: int


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds everything that a query looks for. Made once a query, used on every text shown for it."""

    whole: re.Pattern[str] | None
    single: re.Pattern[str] | None
    terms: tuple[str, ...]

    def marks(self, text: str) -> list[Mark]:
        """Return all finds in order, none overlapping another.

        Single characters are everywhere; they are marked only where they touch another find, or where nothing but
        single characters was looked for.
        """
        folded = comparable(text)
        found = _finds(self.whole, folded, self.terms)
        if self.single is None:
            return found
        singles = _finds(self.single, folded, self.terms)
        if self.whole is None:
            return singles
        edges = {mark.start for mark in found} | {mark.end for mark in found}
        taken = [False] * (len(text) + 1)
        for mark in found:
            taken[mark.start : mark.end] = [True] * (mark.end - mark.start)
        touching = [m for m in singles if (m.start in edges or m.end in edges) and not taken[m.start]]
        return sorted((*found, *touching), key=lambda mark: mark.start)


def finder(wanted: Sequence[Words | Exactly]) -> Finder:
    """Return what finds the words of a query: each run as a whole first, then its words."""
    whole: dict[str, None] = {}
    parts: dict[str, None] = {}
    single: dict[str, None] = {}
    for leaf in wanted:
        whole[leaf.text] = None
        if isinstance(leaf, Words):
            for piece in pieces(leaf.text):
                (single if piece.kind == "single" else parts)[piece.text] = None
    longest = sorted({*whole, *parts}, key=lambda text: (-len(text), text))
    several = {text: found for text in longest if len(found := units(text)) and not _is_single(text)}
    alone = [text for text in {**single, **whole} if _is_single(text)]
    terms = (*several, *alone)
    return Finder(
        _pattern([(terms.index(text), text) for text in several]),
        _pattern([(terms.index(text), text) for text in alone]),
        terms,
    )


def _is_single(text: str) -> bool:
    found = units(text)
    return len(found) == 1 and len(found[0].text) == 1 and not found[0].text.isascii()


def _pattern(terms: Sequence[tuple[int, str]]) -> re.Pattern[str] | None:
    alternatives = []
    for number, text in terms:
        found = units(text)
        alternative = BETWEEN.join(re.escape(unit.text) for unit in found)
        whole = not is_pasted(found)
        before = r"(?<![0-9a-z])" if whole and found[0].text.isascii() else ""
        after = r"(?![0-9a-z])" if whole and found[-1].text.isascii() else ""
        alternatives.append(f"(?P<t{number}>{before}{alternative}{after})")
    return re.compile("|".join(alternatives)) if alternatives else None


def _finds(pattern: re.Pattern[str] | None, folded: str, terms: Sequence[str]) -> list[Mark]:
    if pattern is None:
        return []
    return [
        Mark(found.start(), found.end(), int((found.lastgroup or "t0")[1:]))
        for found in pattern.finditer(folded)
        if found.end() > found.start() and terms
    ]
