"""The few lines of a hit that show best what was looked for, in the script it was printed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jianbao_search.domain.card import Card
from jianbao_search.domain.highlight import Finder, Mark
from jianbao_search.domain.original import original_spans, stretch
from jianbao_search.domain.passages import Passage

WIDTH = 120
"""Characters of text in a snippet: three lines on a phone, two on a desk."""

BEFORE = 24
"""Characters shown before the first mark, or back to the start of its sentence if that is nearer."""

_NO_BEGINNING = frozenset(" \n\t\u3000\xa0，、。；：！？,.;:!?”’）》」』)*#")
"""Space and punctuation that no line begins with (GB/T 15834), and remains of markup."""

_SENTENCE_END = re.compile(r"[。！？；\n]")


@dataclass(frozen=True, slots=True)
class Snippet:
    """`original` as printed, `marks` in it, and the same stretch of the clean `text`."""

    original: str
    marks: tuple[tuple[int, int], ...]
    text: str


def snippet(card: Card, finder: Finder) -> Snippet:
    """Return the window with most different finds; body before title where they tie, then the earlier one."""
    best: tuple[tuple[int, int, int], Passage, int, list[Mark]] | None = None
    for passage in card.passages:
        marks = finder.marks(passage.text)
        for place, first in enumerate(marks):
            inside = _inside(marks, place, first.start + WIDTH - BEFORE)
            in_body = passage.start + first.start >= card.lead
            worth = (len({mark.term for mark in inside}), int(in_body), len(inside))
            if best is None or worth > best[0]:
                best = (worth, passage, first.start, marks)
    if best is None:
        return _beginning(card)
    _, passage, first_mark, marks = best
    return window(passage, _start(passage.text, first_mark), marks)


def title(card: Card, finder: Finder) -> Snippet:
    """Return the title as printed with its marks; where its place is not known, as extracted."""
    if card.title_passages:
        parts = [
            window(one, len(one.text) - len(one.text.lstrip()), finder.marks(one.text), len(one.text.strip()))
            for one in card.title_passages
        ]
        original, marks, text = "", [], ""
        for part in parts:
            gap = 1 if original else 0
            at = len(original) + gap
            marks += [(at + start, at + end) for start, end in part.marks]
            original, text = f"{original}{' ' * gap}{part.original}", f"{text}{' ' * gap}{part.text}"
        return Snippet(original, tuple(marks), text)
    return Snippet(card.title, tuple((mark.start, mark.end) for mark in finder.marks(card.title)), card.title)


def window(passage: Passage, start: int, marks: Sequence[Mark], width: int = WIDTH) -> Snippet:
    """Return `width` characters of a passage from `start` on, with those marks that lie inside, whole or cut."""
    end = min(len(passage.text), start + width)
    across = stretch(passage.runs, start, end)
    if across is None:
        return Snippet("", (), passage.text[start:end])
    low, high = across
    places = [
        (max(from_, low) - low, min(to, high) - low)
        for mark in marks
        if mark.start < end and mark.end > start
        for from_, to in original_spans(passage.runs, max(mark.start, start), min(mark.end, end))
    ]
    return Snippet(passage.original[low:high], tuple(_merged(places)), passage.text[start:end])


def _inside(marks: Sequence[Mark], first: int, end: int) -> list[Mark]:
    inside = []
    for mark in marks[first:]:
        if mark.end > end:
            break
        inside.append(mark)
    return inside or [marks[first]]


def _start(text: str, first_mark: int) -> int:
    earliest = max(0, first_mark - BEFORE)
    ends = [found.end() for found in _SENTENCE_END.finditer(text, earliest, first_mark)]
    start = ends[-1] if ends else earliest
    while start < first_mark and text[start] in _NO_BEGINNING:
        start += 1
    return start


def _beginning(card: Card) -> Snippet:
    for passage in card.passages:
        if passage.start + len(passage.text) > card.lead:
            lead = max(0, card.lead - passage.start)
            blank = len(passage.text[lead:]) - len(passage.text[lead:].lstrip())
            return window(passage, lead + blank, ())
    return Snippet("", (), "")


def _merged(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged
