"""Stretches of one document that are printed twice: the whole body again, or a fragment of a paragraph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GRAM = 16
"""Characters two places must share to be looked at. Official phrases of this length do recur, so a repeat alone
proves nothing; the callers judge."""

_BASE = np.uint64(0x9E3779B97F4A7C15 | 1)


@dataclass(frozen=True, slots=True)
class Repeat:
    """`[second, second + length)` says again, character for character, what stands at `[first, first + length)`."""

    first: int
    second: int
    length: int

    @property
    def first_end(self) -> int:
        """End of the earlier stretch."""
        return self.first + self.length

    @property
    def second_end(self) -> int:
        """End of the later stretch."""
        return self.second + self.length


def find_repeats(text: str, gram: int = GRAM) -> list[Repeat]:
    """Return the longest repeats of at least `gram` characters, in order of their later stretch, without overlap.

    Give it comparable text (letters, digits and Han only): then line ends and punctuation do not break a repeat.
    Time is that of sorting the text's hashes; a text of one sentence over and over is one long repeat.
    """
    repeats: list[Repeat] = []
    earlier = _earlier_places(text, gram)
    position = 0
    candidates = np.flatnonzero(earlier >= 0)
    while True:
        place = int(np.searchsorted(candidates, position))
        if place == len(candidates):
            return repeats
        second = int(candidates[place])
        first = _continued(text, repeats, second, gram, int(earlier[second]))
        length = _common_length(text, first, second)
        if length >= gram:
            repeats.append(Repeat(first, second, length))
        position = second + max(length, 1)


def _continued(text: str, repeats: list[Repeat], second: int, gram: int, fallback: int) -> int:
    """Prefer the place where the last repeat goes on after a small difference, to the first that looks alike."""
    if repeats:
        last = repeats[-1]
        gap = second - last.second_end
        expected = last.first_end + gap
        for shift in (0, 1, -1, 2, -2, 3, -3):
            first = expected + shift
            if 0 <= first < second and text[first : first + gram] == text[second : second + gram]:
                return first
    return fallback


def _earlier_places(text: str, gram: int) -> NDArray[np.int64]:
    """For each position the first earlier one whose next `gram` characters hash alike, else -1."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    windows = len(codes) - gram + 1
    if windows <= 1:
        return np.full(max(windows, 0), -1, dtype=np.int64)
    hashes = np.zeros(windows, dtype=np.uint64)
    for offset in range(gram):
        hashes = hashes * _BASE + codes[offset : offset + windows]
    _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    earliest = first[inverse.reshape(-1)]
    own = np.arange(windows)
    return np.where(earliest < own, earliest, -1)


def _common_length(text: str, first: int, second: int) -> int:
    """How far the two places agree; the length compared doubles, so a long agreement costs what it is long."""
    length, step = 0, 64
    while True:
        a, b = text[first + length : first + length + step], text[second + length : second + length + step]
        if len(b) == step and a == b:
            length += step
            step = min(step * 2, 65536)
            continue
        size = min(len(a), len(b))
        return length + next((i for i in range(size) if a[i] != b[i]), size)
