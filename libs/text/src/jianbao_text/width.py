"""Full and half width: folding for comparison, and the punctuation a careful editor would print.

Both keep the length of the text, so offsets stay valid.
"""

from __future__ import annotations

import re
from functools import cache

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LAST_CASED = 0x1E944
"""The last code point that has a lower case (Adlam), Unicode 15."""

_CHINESE = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ufffd、-〟，。；：？！（）“”‘’—…·％"
"""Han, Chinese punctuation, and the sign for a lost character, which stood in Chinese text."""

_PASSES = 4
"""A mark that became Chinese is a Chinese neighbour of the next; real text settles in the second pass."""
_FULL_MARKS = str.maketrans(",:;?!", "，：；？！")
_MARKS = re.compile(r"[,:;?!][ ()\"',:;?!]*")
_BEFORE_MARKS = " ()\"'"
"""Marks are looked at with the blanks, brackets and quotes around them: Chinese on either side decides."""
_RESTORABLE = re.compile(r"[,:;?!(\".]")
_NEIGHBOUR = re.compile(rf"[{_CHINESE}]")
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PARENTHESES = re.compile(r"\(([^()\n]{0,200})\)")
_STRAIGHT_QUOTES = re.compile(r'"([^"\n]{1,300})"')
_LAST_STOP = re.compile(rf"(?<=[{_CHINESE}])\.(?=[”’]?(?:\n|\Z))")


def fold(text: str) -> str:
    """Return the text for comparison: full-width ASCII as half width, letters in lower case, the same length."""
    return text.translate(_folding())


def restore_punctuation(text: str) -> str:
    """Return the text with ASCII punctuation that stands among Chinese characters in its full-width form.

    What belongs to a number (1,200; 10:30), to Latin words, to an address of the web or of mail stays as it is.
    Straight quotes in pairs around Chinese become “ ”. Lines are judged one by one; the length stays.
    """
    if not _RESTORABLE.search(text):
        return text
    for _ in range(_PASSES):
        restored = _restored(text)
        if restored == text:
            break
        text = restored
    return text


def _restored(text: str) -> str:
    protected = [match.span() for match in _ADDRESS.finditer(text)]
    characters = list(text)
    looked = 0
    for match in _MARKS.finditer(text):
        before = match.start() - 1
        while before >= looked and text[before] in _BEFORE_MARKS:
            before -= 1
        looked = match.end()
        if _is_chinese(text, before) or _is_chinese(text, match.end()):
            characters[match.start() : match.end()] = match.group().translate(_FULL_MARKS)
    for match in _PARENTHESES.finditer(text):
        if _NEIGHBOUR.search(match.group(1)) or _is_chinese(text, match.start() - 1):
            characters[match.start()], characters[match.end() - 1] = "（", "）"
    for match in _STRAIGHT_QUOTES.finditer(text):
        if _NEIGHBOUR.search(match.group(1)):
            characters[match.start()], characters[match.end() - 1] = "“", "”"
    for match in _LAST_STOP.finditer(text):
        characters[match.start()] = "。"
    for start, end in protected:
        characters[start:end] = text[start:end]
    return "".join(characters)


def _is_chinese(text: str, position: int) -> bool:
    return 0 <= position < len(text) and _NEIGHBOUR.match(text, position) is not None


@cache
def _folding() -> dict[int, int]:
    table = {code: code + 32 for code in range(0x41, 0x5B)}
    for code in range(0x80, _LAST_CASED):
        lower = chr(code).lower()
        if len(lower) == 1 and lower != chr(code):
            table[code] = ord(lower)
    wide = {code: table.get(narrow, narrow) for code, narrow in _WIDE.items()}
    return table | wide
