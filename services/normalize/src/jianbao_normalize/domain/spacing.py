"""Blanks as a careful editor would set them in Chinese text: none where nothing is meant, one where parts stand apart.

The rules are those of the gold guide: no space between a digit and a Han character, none at Chinese punctuation; a gap
between the parts of a headline, of a slogan or of a masthead line stays as one space.
"""

from __future__ import annotations

import re

from jianbao_text.alignment import Edit
from jianbao_text.markup import SPACES

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IS_HAN = re.compile(rf"[{_HAN}\ufffd]")
_BLANK = re.compile(r"\s+")
_SPACED_OUT = re.compile(rf"[{_HAN}](?: +[{_HAN}])+")
_RUNNING = re.compile("[。；]|，$")
_PLAIN_NUMBER = re.compile(r"(?<![\d.,:/\-])\d{1,6}(?:,\d{3})*(?:\.\d+)?\Z")
_DATED = re.compile(r"\d+(?:[-/:.]\d+)+")
_CLOSES = "，。；：、？！）》】”’…"
_OPENS = "，。；：、（《“‘"
_BEFORE_NUMBER = "第总年月共约近自从至到"
_AFTER_NUMBER = "年月日时分期号版页章节条届卷辑份次个名人家件项元万亿"
"""A wide gap beside a number is one of layout within these words (第  2  期), else one between cells of a table; two
spaces keep cells apart, a second cleaning included."""
_UNITS = "%％‰℃"
_DASHES = "-–—~～"
_NEAR = 40
"""Blanks looked through for the other number of a range."""


def plain_spaces(text: str) -> str:
    """Return the text with every kind of blank on a line as a space, the same length."""
    return SPACES.sub(" ", text)


def spacing_edits(text: str) -> list[Edit]:
    """Edits that leave no blank lines, no blanks at the ends of lines, and on a line only gaps that mean something."""
    edits: list[Edit] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        edits += _line_edits(line, start)
        if end < len(text):
            edits.append((end, end + 1, "\n"))
        start = end + 1
    return _merged(edits, text)


def _line_edits(line: str, offset: int) -> list[Edit]:
    if " " not in line and not line.isspace():
        return []
    stripped = line.strip()
    spaced_out = _SPACED_OUT.fullmatch(stripped) is not None
    running = _RUNNING.search(stripped) is not None
    edits = []
    for match in _BLANK.finditer(line):
        edge = match.start() == 0 or match.end() == len(line)
        gap = "" if edge or spaced_out else _gap(line, match.start(), match.end(), running=running)
        if gap != match.group():
            edits.append((offset + match.start(), offset + match.end(), gap))
    return edits


def _gap(line: str, start: int, end: int, *, running: bool) -> str:
    before, after = line[start - 1], line[end]
    if after in _CLOSES or before in _OPENS or (running and before in "？！"):
        return ""
    if running and (after in "“‘（《" or before in "”’）》") and (_is_word(before) or _is_word(after)):
        return ""
    if _is_range_gap(line, start, end):
        return ""
    if _is_number_gap(line, start, end):
        return "" if end - start == 1 or before in _BEFORE_NUMBER or after in _AFTER_NUMBER else "  "
    return " "


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "\ufffd"


def _is_number_gap(line: str, start: int, end: int) -> bool:
    """A number beside Han (`19 年`, `98 %`, `占 98% 以上`), unless it is a date, a time or a telephone number."""
    before, after = line[start - 1], line[end]
    if before.isdecimal() and (after in _UNITS or _IS_HAN.match(after)):
        return _PLAIN_NUMBER.search(line, max(0, start - 24), start) is not None
    if before in _UNITS and _IS_HAN.match(after):
        return True
    return bool(_IS_HAN.match(before)) and after.isdecimal() and not _DATED.match(line, end)


def _is_range_gap(line: str, start: int, end: int) -> bool:
    """`2014 - 2016`: a blank on either side of a dash between digits."""
    before, after = line[start - 1], line[end]
    if before.isdecimal() and after in _DASHES:
        return line[end + 1 : end + _NEAR].lstrip(" ")[:1].isdecimal()
    return (
        before in _DASHES and after.isdecimal() and line[max(0, start - _NEAR) : start - 1].rstrip(" ")[-1:].isdecimal()
    )


def _merged(edits: list[Edit], text: str) -> list[Edit]:
    """Join edits that touch, so that a run of blank lines is one edit that leaves one line end, or none at the ends."""
    merged: list[Edit] = []
    for start, end, replacement in edits:
        if merged and merged[-1][1] == start and "\n" in merged[-1][2] + replacement:
            merged[-1] = (merged[-1][0], end, "\n")
        else:
            merged.append((start, end, replacement))
    trimmed = [(s, e, "" if s == 0 or e == len(text) else r) for s, e, r in merged]
    return [(s, e, r) for s, e, r in trimmed if text[s:e] != r]
