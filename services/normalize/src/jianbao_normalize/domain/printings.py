"""Which stretches of a document are its body, printed once more."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from jianbao_text.repeats import Repeat

SLIPS = 12
"""Letters that may differ in one place and the text still be the same: a shifted byte garbles about ten."""

_OVERLAPS = 3
"""Repeats that may begin within the slips of each other."""
_LEAST_BODY = 200
"""Letters a body must have: a short notice may print one formula twice."""
_LEAST_SHARE = 0.8
"""Share of a printing that must agree, character by character, with the other."""
_LEAST_PART = 0.6
"""Share of all that stands above the second printing that must be the first one; the rest is head and foot."""
_LARGEST_GAP = 400
"""Letters that one printing may have and the other not, in one place: a paragraph."""


@dataclass(frozen=True, slots=True)
class Printing:
    """One printing after the first: its repeats in order, counted in letters of the compared text."""

    repeats: tuple[Repeat, ...]
    starts: tuple[int, ...]
    """Of the repeats in the first printing."""

    @classmethod
    def of(cls, repeats: Sequence[Repeat]) -> Self:
        """Return the printing these repeats make up, which follow each other on both sides."""
        return cls(tuple(repeats), tuple(repeat.first for repeat in repeats))

    @property
    def first(self) -> tuple[int, int]:
        """The stretch of the first printing."""
        return (self.repeats[0].first, max(repeat.first_end for repeat in self.repeats))

    @property
    def second(self) -> tuple[int, int]:
        """The stretch of this one."""
        return (self.repeats[0].second, self.repeats[-1].second_end)

    def counterpart(self, letter: int, step: int) -> tuple[int, int] | None:
        """Return the letter of the first printing nearest to this one, in this direction, that agrees, and its twin."""
        for here in range(letter, letter + step * SLIPS, step):
            reached = bisect_right(self.starts, here)
            for repeat in self.repeats[max(0, reached - _OVERLAPS) : reached]:
                if repeat.first <= here < repeat.first_end:
                    return here, here - repeat.first + repeat.second
        return None


def find_printings(repeats: list[Repeat]) -> list[Printing]:
    """Return the printings of the whole body after its first, in reading order."""
    found: list[Printing] = []
    for printing in _runs([piece for repeat in repeats for piece in _pieces(repeat)]):
        above = found[0].second[0] if found else printing.second[0]
        if _is_the_body(printing, above):
            found.append(printing)
    return found


def _pieces(repeat: Repeat) -> list[Repeat]:
    """A body printed three times over is one repeat that runs into itself: cut it where each printing ends."""
    period = repeat.second - repeat.first
    if period < _LEAST_BODY or repeat.length <= period:
        return [repeat]
    return [
        Repeat(repeat.first, second, min(period, repeat.second_end - second))
        for second in range(repeat.second, repeat.second_end, period)
    ]


def _runs(repeats: list[Repeat]) -> list[Printing]:
    """Repeats that follow each other on both sides, as one, until the earlier side reaches where the later began."""
    runs: list[list[Repeat]] = []
    for repeat in repeats:
        if runs and _goes_on(runs[-1][-1], repeat) and repeat.first < runs[-1][0].second:
            runs[-1].append(repeat)
        else:
            runs.append([repeat])
    return [Printing.of(run) for run in runs]


def _goes_on(last: Repeat, repeat: Repeat) -> bool:
    gap = repeat.first - last.first_end
    return -SLIPS <= gap <= _LARGEST_GAP and repeat.second - last.second_end <= _LARGEST_GAP


def _is_the_body(printing: Printing, above: int) -> bool:
    first, second = printing.first, printing.second
    agreeing = sum(repeat.length for repeat in printing.repeats)
    longest = max(first[1] - first[0], second[1] - second[0])
    return (
        agreeing >= _LEAST_BODY
        and agreeing >= _LEAST_SHARE * longest
        and first[1] <= second[0]
        and first[1] - first[0] >= _LEAST_PART * above
    )
