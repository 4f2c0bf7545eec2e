"""Sentences that a page or a column cut in two, joined again; headlines and points of a list stay apart.

Two lines are joined only if the upper one is running text that stops in mid-sentence *and* the lower one reads on.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jianbao_text.alignment import Edit
from jianbao_text.ik import default_segmenter

_ENDS = "。！？；：…"
_CLOSERS = "”’）】》」』"
_STOP_INSIDE = re.compile("[。！？；]")
_PAUSE = re.compile("[，。；！？]")
_PAIRS = (("“", "”"), ("（", "）"), ("《", "》"), ("「", "」"), ("『", "』"), ("‘", "’"))

_NUMERAL = "[一二三四五六七八九十百]{1,3}"
_STARTS_ANEW = re.compile(
    rf"{_NUMERAL}[、．.]|{_NUMERAL}(?:是|要|、)|第{_NUMERAL}[，、,章节条]|（(?:{_NUMERAL}|\d{{1,2}})）|\d{{1,2}}(?:[．、）)]|\.(?!\d))"
    r"|[◆◇●○■□★☆▲△▼◎※•▪➤■①-⑳⑴-⒇㈠-㈩【〖]|——"
    r"|编者按|本报讯|责任编辑|责编|编辑：|来源：|作者：|供稿|报：|送：|发：|抄[报送]：|主题词|附[件：]|图[①-⑨为：]|（图|本期"
    r"|近年来|近日|日前|下一步|接下来|目前，|今年以来|今年，|去年，|截至|据悉|据了解|同时，|此外|另外，|为(?:进一步|深入|切实|推动|强化|加强|全面)"
)
_ASIDE = re.compile("（[^（）]*）|【[^【】]*】|[^ ]{1,8} 摄")
_CREDIT = re.compile(r"(?:[。！？”）]|\s)\s*[\u4e00-\u9fff·、 ]{2,12}\s?(?:摄影|摄|供图)$")
"""Who took the photograph: the end of a caption, which has no full stop of its own."""
_PAGE_NUMBER = re.compile(r"\d{1,3}")
_LATIN = re.compile(r"[A-Za-z]")

_RUNNING_LENGTH = 40
"""A line this long, with a comma and no gap, is no headline: headlines of official bulletins stay below, or have gaps."""
_SHORT = 20
"""Up to here a line that ends in a comma may be a line of verse or a slogan."""
_TAIL = 400
"""Characters of the upper line that are looked at: a sentence's length; a paragraph may grow without limit."""


def join_edits(text: str) -> tuple[list[Edit], list[tuple[int, int]]]:
    """Return the edits that join cut sentences in a text of one paragraph a line, and the page numbers in between.

    What is joined counts as one line for the cut after it. A page number is the span of its digits alone.
    """
    lines = text.split("\n")
    edits: list[Edit] = []
    numbers: list[tuple[int, int]] = []
    upper, end = lines[0][-_TAIL:], len(lines[0])
    index = 1
    while index < len(lines):
        skipped = 1 if _PAGE_NUMBER.fullmatch(lines[index]) and index + 1 < len(lines) else 0
        lower = lines[index + skipped]
        start = end + 1 + (len(lines[index]) + 1 if skipped else 0)
        if is_cut(upper, lower):
            seam = " " if _LATIN.match(upper[-1]) and _LATIN.match(lower) else ""
            if skipped:
                numbers.append((end + 1, start - 1))
            edits.append((end, start, seam))
            upper, end = (upper + seam + lower)[-_TAIL:], start + len(lower)
            index += 1 + skipped
        else:
            upper, end = lines[index][-_TAIL:], end + 1 + len(lines[index])
            index += 1
    return edits, numbers


def is_cut(upper: str, lower: str) -> bool:
    """Tell whether a sentence of the upper line goes on in the lower one."""
    if not upper or not lower or _STARTS_ANEW.match(lower) or _ASIDE.fullmatch(lower) or _is_closed(upper):
        return False
    if _closes_what_is_open(upper, lower):
        return True
    if not _PAUSE.search(lower):
        return False
    return any(sign(upper, lower) for sign in _SIGNS)


def _is_closed(line: str) -> bool:
    """The line ends a sentence, with a credit, or with a supplier in brackets: `。段学文 摄`, `。（建德市文明办供稿）`."""
    bare = line.rstrip(_CLOSERS)
    if bare.endswith(tuple(_ENDS)) or not bare or _CREDIT.search(line):
        return True
    opened = line.rfind("（")
    return line.endswith("）") and opened > 0 and line[opened - 1] in _ENDS + "”"


def _closes_what_is_open(upper: str, lower: str) -> bool:
    """A bracket or quote opened above is closed below before another of its kind is opened."""
    for opening, closing in _PAIRS:
        if upper.rfind(opening) > upper.rfind(closing):
            closed, opened = lower.find(closing), lower.find(opening)
            return closed >= 0 and (opened < 0 or closed < opened)
    return False


def _ends_in_a_pause(upper: str, _: str) -> bool:
    return upper[-1] in "，、" and len(upper) > _SHORT


def _has_sentences(upper: str, _: str) -> bool:
    return _STOP_INSIDE.search(upper[:-1]) is not None


def _is_long(upper: str, _: str) -> bool:
    return len(upper) >= _RUNNING_LENGTH and "，" in upper and " " not in upper


def _cuts_a_word(upper: str, lower: str) -> bool:
    """A dictionary word lies across the cut: 部门单|位通过. Only for a line that may be running text at all."""
    if len(upper) < _SHORT or "，" not in upper or " " in upper:
        return False
    left, right = upper[-4:], lower[:4]
    return any(token.start < len(left) < token.end for token in default_segmenter().smart(left + right))


_SIGNS: tuple[Callable[[str, str], bool], ...] = (_ends_in_a_pause, _has_sentences, _is_long, _cuts_a_word)
