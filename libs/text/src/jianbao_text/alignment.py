"""Texts that know where each of their characters stood before editing.

A cleaning step takes an `Edited` text and gives another; the origin of every character travels along, so any number
of steps compose and the result is traceable to the untouched original.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Run = tuple[int, int, int, int]
"""start in text, length, start in original, length in original (code points); contract `alignment`."""

Edit = tuple[int, int, str]
"""Replace `[start, end)` by a text. An empty text deletes; an empty range inserts."""

Positions = NDArray[np.int32]


class Alignment:
    """Read access to the runs of an alignment: from a place in the text to its place in the original."""

    def __init__(self, runs: Iterable[Sequence[int]]) -> None:
        self._runs: list[Run] = [(run[0], run[1], run[2], run[3]) for run in runs]
        self._starts = [run[0] for run in self._runs]

    @property
    def runs(self) -> list[Run]:
        """The runs in order of the text; together they cover it without gap or overlap."""
        return list(self._runs)

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that `[start, end)` of the text came from.

        Inside a run of equal lengths characters correspond one to one; a run of unequal lengths (something restored
        or joined) is one unit. An empty span maps to an empty span. Out of range positions are clipped.
        """
        if not self._runs:
            return (0, 0)
        first = self._original_start(max(start, 0))
        if end <= start:
            return (first, first)
        return (first, max(first, self._original_end(end - 1)))

    def _run_at(self, position: int) -> Run:
        return self._runs[max(0, bisect_right(self._starts, position) - 1)]

    def _original_start(self, position: int) -> int:
        start, length, original, original_length = self._run_at(position)
        if position >= start + length:
            return original + original_length
        return original + (position - start) if length == original_length else original

    def _original_end(self, position: int) -> int:
        start, length, original, original_length = self._run_at(position)
        if length != original_length or position >= start + length:
            return original + original_length
        return original + (position - start) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """A text in which every character knows its span `[starts[i], ends[i])` of the original.

    Starts and ends never decrease: editing deletes, replaces and inserts, it never reorders.
    """

    text: str
    starts: Positions
    ends: Positions

    @classmethod
    def of(cls, original: str) -> Self:
        """Return the original itself, not edited yet."""
        starts = np.arange(len(original), dtype=np.int32)
        return cls(original, starts, starts + 1)

    def edit(self, edits: Sequence[Edit]) -> Edited:
        """Return the text after all edits, whose ranges must be ascending and must not overlap.

        A replacement of equal length keeps the origin of each character; any other replacement comes, as one unit,
        from the whole range it replaces. An insertion comes from the empty span at its place.

        Raises:
            ValueError: ranges out of order or overlapping.
        """
        if not edits:
            return self
        text = _spliced(self.text, edits)
        moved = [edit for edit in edits if edit[1] - edit[0] != len(edit[2])]
        if not moved:
            return Edited(text, self.starts, self.ends)
        begin = np.array([edit[0] for edit in moved], dtype=np.int64)
        finish = np.array([edit[1] for edit in moved], dtype=np.int64)
        sizes = np.array([len(edit[2]) for edit in moved], dtype=np.int64)
        depth = np.zeros(len(self.text) + 1, dtype=np.int32)
        np.add.at(depth, begin, 1)
        np.add.at(depth, finish, -1)
        kept = np.cumsum(depth[:-1]) == 0
        places = np.repeat(begin - _covered_before(begin, finish), sizes)
        starts = np.insert(self.starts[kept], places, np.repeat(self._start_of(begin, finish), sizes))
        ends = np.insert(self.ends[kept], places, np.repeat(self._end_of(begin, finish), sizes))
        return Edited(text, starts.astype(np.int32), ends.astype(np.int32))

    def delete(self, spans: Iterable[tuple[int, int]]) -> Edited:
        """Return the text without these ascending, non-overlapping spans."""
        return self.edit([(start, end, "") for start, end in spans])

    def with_text(self, text: str) -> Edited:
        """Return the same origins under a text of the same length (a character-by-character conversion).

        Raises:
            ValueError: the length differs.
        """
        if len(text) != len(self.text):
            raise ValueError(f"a conversion must keep the length: {len(self.text)} became {len(text)}")
        return Edited(text, self.starts, self.ends)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that `[start, end)` came from."""
        if start < end:
            return (int(self.starts[start]), int(self.ends[end - 1]))
        here = int(self.starts[start]) if start < len(self.text) else (int(self.ends[-1]) if self.text else 0)
        return (here, here)

    def located(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of this text whose characters came from `[start, end)` of the original."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        return (first, max(first, last))

    def alignment(self) -> Alignment:
        """Return the fewest runs that say where each character came from."""
        if not self.text:
            return Alignment([])
        single = self.ends - self.starts == 1
        same = (self.starts[1:] == self.starts[:-1]) & (self.ends[1:] == self.ends[:-1])
        grouped = np.zeros(len(self.text), dtype=bool)
        grouped[1:] |= same
        grouped[:-1] |= same
        plain = single & ~grouped
        onward = plain[1:] & plain[:-1] & (self.starts[1:] == self.starts[:-1] + 1)
        first = np.concatenate(([0], np.flatnonzero(~(same | onward)) + 1))
        last = np.concatenate((first[1:], [len(self.text)]))
        origins = self.starts[first]
        lengths = self.ends[last - 1] - origins
        return Alignment(zip(first.tolist(), (last - first).tolist(), origins.tolist(), lengths.tolist(), strict=True))

    def _start_of(self, begin: NDArray[np.int64], finish: NDArray[np.int64]) -> Positions:
        return np.where(finish > begin, self._edge(begin), self._between(begin)).astype(np.int32)

    def _end_of(self, begin: NDArray[np.int64], finish: NDArray[np.int64]) -> Positions:
        return np.where(finish > begin, self._before(finish), self._between(begin)).astype(np.int32)

    def _between(self, positions: NDArray[np.int64]) -> Positions:
        """Where an insertion comes from; inside a restored unit, from before the unit's end, to keep the order."""
        return np.minimum(self._before(positions), self._edge(positions))

    def _edge(self, positions: NDArray[np.int64]) -> Positions:
        padded = np.append(self.starts, self.ends[-1:] if self.text else np.zeros(1, dtype=np.int32))
        edges: Positions = padded[positions]
        return edges

    def _before(self, positions: NDArray[np.int64]) -> Positions:
        padded = np.concatenate((self.starts[:1] if self.text else np.zeros(1, dtype=np.int32), self.ends))
        edges: Positions = padded[positions]
        return edges


def _covered_before(begin: NDArray[np.int64], finish: NDArray[np.int64]) -> NDArray[np.int64]:
    lengths = finish - begin
    covered: NDArray[np.int64] = np.cumsum(lengths) - lengths
    return covered


def _spliced(text: str, edits: Sequence[Edit]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, replacement in edits:
        if not position <= start <= end <= len(text):
            raise ValueError(f"edits must be ascending and inside the text: ({start}, {end}) after {position}")
        pieces += (text[position:start], replacement)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)
