"""The stretches of a bulletin's text that belong to one article, with the original they came from.

A passage carries its own text, original and runs, so that a hit can be shown without fetching the whole bulletin. It
never spans a place where the original runs on with something else (a repeated body, a page foot, another article).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jianbao_search.domain.original import Run, cut

JOINED_BELOW = 40
"""Characters of text between two stretches that are still read as one: a line break, a kicker, an enumerator."""

LONGEST_GAP = 80
"""Characters of the original left out between two neighbours in the text before a passage is parted."""


@dataclass(frozen=True, slots=True)
class Passage:
    """`start` of `text` in the bulletin's text, `original_start` of `original` in its original; runs relative to both."""

    start: int
    text: str
    original_start: int
    original: str
    runs: tuple[Run, ...]


def passages(text: str, original: str, runs: Sequence[Run], spans: Iterable[tuple[int, int]]) -> list[Passage]:
    """Return the passages that hold the given spans of the text, in order. `runs` are sorted by start in the text."""
    found = [
        _passage(text, original, part)
        for start, end in joined(spans, len(text))
        for part in _parted(cut(runs, start, end))
    ]
    return [passage for passage in found if passage.text.strip()]


def joined(spans: Iterable[tuple[int, int]], length: int, gap: int = JOINED_BELOW) -> list[tuple[int, int]]:
    """Return spans in order, clipped to a text of `length`, with those closer than `gap` made one."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if whole and start - whole[-1][1] <= gap:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def rest(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return what the spans leave of a text of `length`."""
    left: list[tuple[int, int]] = []
    position = 0
    for start, end in joined(spans, length, gap=0):
        if start > position:
            left.append((position, start))
        position = end
    if position < length:
        left.append((position, length))
    return left


def _parted(runs: Sequence[Run]) -> list[list[Run]]:
    parts: list[list[Run]] = []
    for run in runs:
        if parts and 0 <= run[2] - (parts[-1][-1][2] + parts[-1][-1][3]) <= LONGEST_GAP:
            parts[-1].append(run)
        else:
            parts.append([run])
    return parts


def _passage(text: str, original: str, runs: Sequence[Run]) -> Passage:
    start, end = runs[0][0], runs[-1][0] + runs[-1][1]
    original_start, original_end = runs[0][2], runs[-1][2] + runs[-1][3]
    return Passage(
        start,
        text[start:end],
        original_start,
        original[original_start:original_end],
        tuple((at - start, length, there - original_start, width) for at, length, there, width in runs),
    )
