"""From places in the clean text to places in the original, through the alignment runs of the contract."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

Run = tuple[int, int, int, int]
"""start in text, length, start in original, length (contracts: `alignment`)."""


def original_spans(runs: Sequence[Run], start: int, end: int) -> list[tuple[int, int]]:
    """Return where [start, end) of the text stands in the original, as spans in order.

    What was removed between two characters (a pinyin note, markup) parts the spans, so it is never inside one. A run
    whose lengths differ was joined or restored: it maps as a whole. `runs` are sorted by their start in the text.
    """
    spans: list[tuple[int, int]] = []
    place = max(0, bisect_right(runs, start, key=lambda run: run[0]) - 1)
    for text_start, length, original_start, original_length in runs[place:]:
        if text_start >= end:
            break
        low, high = max(start, text_start), min(end, text_start + length)
        if low >= high or not original_length:
            continue
        if length == original_length:
            span = (original_start + low - text_start, original_start + high - text_start)
        else:
            span = (original_start, original_start + original_length)
        if spans and spans[-1][1] == span[0]:
            spans[-1] = (spans[-1][0], span[1])
        elif not spans or spans[-1] != span:
            spans.append(span)
    return spans


def stretch(runs: Sequence[Run], start: int, end: int) -> tuple[int, int] | None:
    """Return the stretch of the original from the first to the last character of [start, end), or None."""
    spans = original_spans(runs, start, end)
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


def cut(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    """Return the runs of [start, end) alone, still relative to the whole text and the whole original."""
    kept: list[Run] = []
    place = max(0, bisect_right(runs, start, key=lambda run: run[0]) - 1)
    for text_start, length, original_start, original_length in runs[place:]:
        if text_start >= end:
            break
        low, high = max(start, text_start), min(end, text_start + length)
        if low >= high:
            continue
        if length == original_length:
            kept.append((low, high - low, original_start + low - text_start, high - low))
        else:
            kept.append((text_start, length, original_start, original_length))
    return kept
