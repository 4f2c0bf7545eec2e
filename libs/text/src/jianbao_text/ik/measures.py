"""The quantifier sub-segmenter: Chinese numerals, and the measure words that follow a number."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from .characters import is_han
from .lexemes import ARABIC, MEASURE, NUMERAL, TURN_MEASURE, TURN_NUMERAL, Claim

Match: TypeAlias = tuple[int, int, int]
"""``(source, begin, end)``: a word found, by the number of its pattern or the cursor; lists are in order of ``end``."""

_NUMERALS: Final = re.compile("[一二两三四五六七八九十零壹贰叁肆伍陆柒捌玖拾百千万亿佰仟萬億兆卅廿]+")


def numeral_claims(text: str) -> list[Claim]:
    """Find the runs of Chinese numerals of a window."""
    last = len(text) - 1
    return [(min(m.end(), last), TURN_NUMERAL, m.start(), m.end(), NUMERAL) for m in _NUMERALS.finditer(text)]


def is_numeral(character: str) -> bool:
    """Say whether a character is one of IK's Chinese numerals."""
    return _NUMERALS.match(character) is not None


class Measures:
    """The measure words (quantifier dictionary) and the search for them behind numbers."""

    def __init__(self, quantifiers: Iterable[str]) -> None:
        self._words = frozenset(quantifiers)
        self._prefixes = frozenset(word[:size] for word in self._words for size in range(1, len(word)))

    def claims(self, text: str, numbers: Iterable[Claim], matches: Sequence[Match]) -> list[Claim]:
        """Find the measure words of a window, given its number claims and its dictionary words.

        IK begins to look for one only directly behind a number, and only if that number is the last lexeme it has found
        so far; once begun it tries every following character as long as some beginning of a measure word is open.
        """
        starts = {
            end: begin for _, _, begin, end, kind in numbers if kind == NUMERAL or _is_one_piece(text, begin, end, kind)
        }
        found: list[Match] = []
        walked = 0
        for start in sorted(starts):
            if start >= walked:
                walked = self._walk(text, start, starts, matches, found)
        return [(cursor, TURN_MEASURE, begin, end, MEASURE) for cursor, begin, end in found]

    def _walk(
        self, text: str, cursor: int, starts: dict[int, int], matches: Sequence[Match], found: list[Match]
    ) -> int:
        begins: list[int] = []
        while cursor < len(text) and is_han(text[cursor]):
            begins = self._extend(text, cursor, begins, found)
            if begins or _follows_number(cursor, starts, matches, found):
                begins += self._extend(text, cursor, [cursor], found)
            cursor += 1
            if not begins:
                break
        return cursor

    def _extend(self, text: str, cursor: int, begins: Sequence[int], found: list[Match]) -> list[int]:
        """Note the measure words that end at the cursor; return the begins of those that may become longer."""
        end = cursor + 1
        found += [(cursor, begin, end) for begin in begins if text[begin:end] in self._words]
        return [begin for begin in begins if text[begin:end] in self._prefixes]


def _follows_number(cursor: int, starts: dict[int, int], matches: Sequence[Match], found: Sequence[Match]) -> bool:
    begin = starts.get(cursor)
    return begin is not None and not _any_within(matches, begin, cursor) and not _any_within(found, begin, cursor)


def _is_one_piece(text: str, begin: int, end: int, kind: str) -> bool:
    # Behind a comma the mixed run starts anew ("3,500" holds a lexeme "500"): then the number is not the last lexeme.
    return kind == ARABIC and "," not in text[begin:end]


def _any_within(matches: Sequence[Match], begin: int, end: int) -> bool:
    index = bisect_right(matches, end, key=_end)
    while index and matches[index - 1][2] > begin:
        index -= 1
        if matches[index][1] >= begin:
            return True
    return False


def _end(match: Match) -> int:
    return match[2]
