"""The words of the segmenter: lexemes inside a window, tokens in a text, and their kinds."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

ENGLISH: Final = "ENGLISH"
ARABIC: Final = "ARABIC"
LETTER: Final = "LETTER"
WORD: Final = "CN_WORD"
CHARACTER: Final = "CN_CHAR"
OTHER_CJK: Final = "OTHER_CJK"
NUMERAL: Final = "TYPE_CNUM"
MEASURE: Final = "COUNT"
QUANTITY: Final = "TYPE_CQUAN"

Lexeme: TypeAlias = tuple[int, int, str]
"""``(begin, end, kind)``, code points from the start of the window."""

Claim: TypeAlias = tuple[int, int, int, int, str]
"""``(cursor, turn, begin, end, kind)``: a lexeme with the moment at which IK finds it.

IK asks its sub-segmenters in a fixed order (``turn``) at every character (``cursor``); of two lexemes over the same
characters the one found first keeps its kind, and the kind decides whether a measure word follows and what is merged.
"""

TURN_ENGLISH: Final = 0
TURN_ARABIC: Final = 1
TURN_LETTER: Final = 2
TURN_ASTRAL: Final = 3
TURN_NUMERAL: Final = 4
TURN_MEASURE: Final = 5
TURN_WORD: Final = 6


class Token(NamedTuple):
    """One token: where it stands in the text and how it reads.

    ``start`` and ``end`` count code points of the text that was given; ``text`` is the regularised reading (half-width,
    ASCII capitals in lower case), as IK puts it into the index; ``kind`` is IK's name of the lexeme type.
    """

    start: int
    end: int
    text: str
    kind: str
