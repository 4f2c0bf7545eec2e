"""The choice that ``ik_smart`` makes among crossing lexemes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Final

from .lexemes import WORD, Lexeme

# Limits of IK's IKArbitrator (2026): beyond them it does not try alternatives.
_MOST_LEXEMES: Final = 50
_DENSE_LEXEMES: Final = 20
_DENSE_OVERLAP: Final = 4
_LONG_WORD: Final = 10
_MOST_LONG_WORDS: Final = 5

_LENGTH_LIMIT: Final = 10
_PRODUCT_LIMIT: Final = 2**31 - 1


def groups(lexemes: Sequence[Lexeme]) -> Iterator[tuple[Sequence[Lexeme], int]]:
    """Cut sorted lexemes into groups that cross one another, each with the end of its last character."""
    first, reach = 0, 0
    for index, (begin, end, _) in enumerate(lexemes):
        if begin >= reach and index > first:
            yield lexemes[first:index], reach
            first = index
        reach = max(reach, end)
    if lexemes:
        yield lexemes[first:], reach


def choose(group: Sequence[Lexeme], reach: int) -> Sequence[Lexeme]:
    """Return the best row of lexemes without crossings out of one group that ends at ``reach``.

    Best is: most characters covered, fewest lexemes, longest span, later end, lengths most even, longer ones later.
    """
    first = group[0]
    if first[1] == reach:  # it covers the whole group alone, and no row has more characters or fewer lexemes
        return group[:1]
    if _is_too_complex(group, reach):
        return [first, (first[1], reach, WORD)]
    path = _Path()
    crossing = path.extend(group, 0)
    best = path.copy()
    while crossing:
        index = crossing.pop()
        path.make_room(group[index])
        path.extend(group, index)
        if path.is_better_than(best):
            best = path.copy()
    return best.lexemes


def _is_too_complex(group: Sequence[Lexeme], reach: int) -> bool:
    if len(group) > _MOST_LEXEMES:
        return True
    if len(group) < _DENSE_LEXEMES:
        return False
    long_words = sum(kind == WORD and end - begin > _LONG_WORD for begin, end, kind in group)
    overlap = sum(end - begin for begin, end, _ in group)
    return long_words > _MOST_LONG_WORDS and overlap >= (reach - group[0][0]) * _DENSE_OVERLAP


class _Path:
    """A row of lexemes without crossings; ``begin`` and ``end`` are -1 while it is empty."""

    __slots__ = ("begin", "covered", "end", "lexemes")

    def __init__(self) -> None:
        self.lexemes: list[Lexeme] = []
        self.begin = self.end = -1
        self.covered = 0

    def copy(self) -> _Path:
        twin = _Path()
        twin.lexemes = self.lexemes.copy()
        twin.begin, twin.end, twin.covered = self.begin, self.end, self.covered
        return twin

    def extend(self, group: Sequence[Lexeme], first: int) -> list[int]:
        """Add every lexeme from ``first`` on that crosses nothing so far; return the indexes of the others."""
        crossing: list[int] = []
        for index in range(first, len(group)):
            lexeme = group[index]
            if self._crosses(lexeme):
                crossing.append(index)
            else:
                self._add(lexeme)
        return crossing

    def make_room(self, lexeme: Lexeme) -> None:
        """Take lexemes off the end until the given one crosses none."""
        while self._crosses(lexeme):
            begin, end, _ = self.lexemes.pop()
            self.covered -= end - begin
            if self.lexemes:
                self.end = self.lexemes[-1][1]
            else:
                self.begin = self.end = -1

    def is_better_than(self, other: _Path) -> bool:
        mine, theirs = self._worth(), other._worth()
        return mine > theirs if mine != theirs else self._weight() > other._weight()

    def _crosses(self, lexeme: Lexeme) -> bool:
        begin, end, _ = lexeme
        return self.begin <= begin < self.end or begin <= self.begin < end

    def _add(self, lexeme: Lexeme) -> None:
        begin, end, _ = lexeme
        if self.lexemes and begin < self.begin:  # what was kept while stepping back can stand wholly behind it
            self.lexemes.insert(0, lexeme)
        else:
            self.lexemes.append(lexeme)
        self.covered += end - begin
        self.begin, self.end = self.lexemes[0][0], self.lexemes[-1][1]

    def _worth(self) -> tuple[int, int, int, int]:
        return self.covered, -len(self.lexemes), self.end - self.begin, self.end

    def _weight(self) -> tuple[int, int]:
        lengths = [end - begin for begin, end, _ in self.lexemes]
        evenness = min(prod(min(length, _LENGTH_LIMIT) for length in lengths), _PRODUCT_LIMIT)
        return evenness, sum(place * length for place, length in enumerate(lengths, 1))
