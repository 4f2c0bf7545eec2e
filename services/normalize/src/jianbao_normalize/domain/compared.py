"""A text as it is compared with itself: its letters, digits and Han only, each knowing its place and its line."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jianbao_text.width import fold

_DATE_WORDS = str.maketrans("", "", "年月日")
_LAST_LETTER = 0x323B0
"""End of the last block of Han (extension H, Unicode 15); what lies beyond is no letter."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """`letters[i]` stands at `places[i]` of the text; `lines` and `spans` say, for each line, which letters and where."""

    letters: str
    places: NDArray[np.int64]
    lines: list[tuple[int, int]]
    spans: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the view of a Simplified text."""
        codes = np.frombuffer(fold(text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        places = np.flatnonzero(_is_letter()[np.minimum(codes, _LAST_LETTER)])
        letters = codes[places].tobytes().decode("utf-32-le", "surrogatepass")
        ends = [*np.flatnonzero(codes == ord("\n")).tolist(), len(text)]
        starts = [0, *(end + 1 for end in ends[:-1])]
        first, last = np.searchsorted(places, starts).tolist(), np.searchsorted(places, ends).tolist()
        return cls(letters, places, list(zip(first, last, strict=True)), list(zip(starts, ends, strict=True)))

    def line_of(self, letter: int) -> int:
        """Return the number of the line a letter is in."""
        return bisect_right(self.spans, self.place(letter), key=lambda span: span[0]) - 1

    def place(self, letter: int) -> int:
        """Return where a letter stands in the text."""
        return int(self.places[letter])

    def letter_from(self, place: int) -> int:
        """Return the number of the first letter at or after a place of the text."""
        return int(np.searchsorted(self.places, place))

    def dateless(self, start: int, end: int) -> str:
        """Return letters without 年, 月, 日, so that 2017年04月14日 and 2017-04-14 compare alike."""
        return self.letters[start:end].translate(_DATE_WORDS)


@cache
def _is_letter() -> NDArray[np.bool_]:
    return np.array([chr(code).isalnum() for code in range(_LAST_LETTER)] + [False])
