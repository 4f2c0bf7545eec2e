"""The label that numbers a bulletin: 第2期, (总第316期), 2017年…第一期, 〔2019〕第5期."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jianbao_text.numerals import ARABIC, CHINESE, parse_numeral


@dataclass(frozen=True, slots=True)
class IssueLabel:
    """Issue of a serial: number (第N期), cumulative (总第N期); year only where the label itself carries it."""

    year: int | None
    number: int | None
    cumulative: int | None
    start: int
    end: int


_S: Final = r"\s{0,9}"
_NUMBER: Final = rf"(?:{ARABIC}|{CHINESE})"
_YEAR: Final = rf"(?:[〔\[【(（]?{_S}(?P<year>[12][0-9]{{3}}|[一二][〇○零一二三四五六七八九]{{3}}){_S}(?:年(?!{_S}[0-9一二三四五六七八九十]{{1,2}}{_S}月)|[〕\]】)）])[^。！？；\n]{{0,24}}?)?"
_CUMULATIVE: Final = rf"总{_S}(?:期{_S})?第?{_S}(?P<cumulative>{_NUMBER}){_S}[期号]"
_LABEL: Final = re.compile(
    rf"{_YEAR}(?<!总)(?<!总 )第{_S}(?P<number>{_NUMBER}){_S}(?:[-－—–~、]{_S}{_NUMBER}{_S})?期"
    rf"(?:[,，;；:：/|·]?{_S}[(（〔\[]?{_S}{_CUMULATIVE}{_S}[)）〕\]]?)?"
)
_ONLY_CUMULATIVE: Final = re.compile(_CUMULATIVE)
_ENDS: Final = re.compile(
    r"[ \t\u3000\u00a0]{0,9}(?:$|[\n)）】〕\]|/·,，。:：]|[〔\[(（]|\d{4}\s?[年.-]|二[〇○零])", re.MULTILINE
)
"""What may follow a label: the end of its line or bracket, a date, another bracket."""


def find_issue(text: str) -> IssueLabel | None:
    """The first issue label of `text`; 第三期培训班 in running text is none, since a label ends a line or a bracket."""
    for match in _LABEL.finditer(text):
        if match["cumulative"] or _ENDS.match(text, match.end()) or "\n" in text[match.end() : match.end() + 3]:
            return _label(text, match)
    only = _ONLY_CUMULATIVE.search(text)
    return IssueLabel(None, None, _whole(only["cumulative"]), *only.span()) if only else None


def _label(text: str, match: re.Match[str]) -> IssueLabel:
    cumulative, start, end = match["cumulative"], match.start(), match.end()
    if cumulative is None and (other := _ONLY_CUMULATIVE.search(text, end, end + 60)):
        cumulative, end = other["cumulative"], other.end()
    return IssueLabel(_whole(match["year"]), _whole(match["number"]), _whole(cumulative), start, end)


def _whole(numeral: str | None) -> int | None:
    value = parse_numeral(numeral) if numeral else None
    return value if isinstance(value, int) else None
