"""The windows in which IK reads a text: they keep one token, and the work for it, within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .lexemes import Lexeme
from .measures import is_numeral

SIZE: Final = 4096
"""IK's buffer (``AnalyzeContext.BUFF_SIZE``). No token is longer; a run without a break is cut here."""

_MARGIN: Final = 100
"""In the last 100 characters of a full buffer IK stops at the first place where nothing is open."""


def end_of_window(window: str, lexemes: Iterable[Lexeme]) -> int:
    """Return where a full window ends: the first place in its margin that no lexeme or number crosses, else its size.

    IK stops a little more strictly, only where no dictionary word has even *begun*; where a text gives it no such place
    in 100 characters it cuts at its full buffer, through a word if need be. There the tokens differ from IK's.
    """
    first = SIZE - _MARGIN + 2
    crossed: set[int] = set()
    for begin, end, _ in lexemes:
        if end > first:
            crossed.update(range(max(begin + 1, first), end))
    for place in range(first, SIZE):
        before = window[place - 1]
        if place not in crossed and not (before.isascii() and before.isalnum()) and not is_numeral(before):
            return place
    return SIZE
