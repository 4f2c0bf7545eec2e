"""The head of a bulletin: serial, issue, date, issuing bodies (GB/T 9704 head, masthead of a serial, name of a newspaper)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from jianbao_extract.domain.facts import Found
from jianbao_extract.domain.forms import DATE, ISSUE, Form
from jianbao_extract.domain.lines import Line, Span
from jianbao_extract.domain.offices import is_office
from jianbao_text.dates import parse_date
from jianbao_text.issue_numbers import find_issue

_LONGEST_HEAD = 40  # lines: even a red head with cover note, serial, issue, issuers and date stays far below
_HEAD_FORMS = {
    Form.FURNITURE, Form.COVER_NOTE, Form.WEB_META, Form.DATE, Form.DOCUMENT_NUMBER, Form.SERIAL, Form.IMPRINT, Form.EDITORS, Form.CONTACT,
}  # fmt: skip
_SERIAL_NOUN = re.compile(
    r"(?:简\s*报|信\s*息|动\s*态|专\s*报|快\s*报|通\s*讯|内\s*参|月\s*报|周\s*报|季\s*报|旬\s*报|简\s*讯|要\s*情|通\s*报|参\s*考|交\s*流|摘\s*报|工作情况|情况交流|工作交流|"
    r"专\s*刊|增\s*刊|会\s*刊|快\s*讯|之\s*窗|导\s*报)$"
)
_NEWSPAPER = re.compile(
    r"[㐀-䶿一-鿿]{2,8}(?:日报|晚报|时报|早报|商报|周报|导报|都市报|晨报|文明报|农民报|青年报|新报)"
)
_EDITION = re.compile(
    r"(?:[A-Z]?\d{1,2}|第?[一二三四五六七八九十\d]{1,3})\s*版(?:[：:\s].{0,12})?|(?:要闻|综合|专版|文明|时政|副刊)版?|星期[一二三四五六日天]|本版责编.*"
)
_SITE = re.compile(r".{2,20}(?:门户网站|在线|政府网|文明网|新闻网|网站|政务网)")
_RED_HEAD = re.compile(r"(.{4,40})文件")
_LABEL = re.compile(
    rf"[（(]?\s*(?:(?:19|20)\d{{2}}\s*年?\s*)?{ISSUE}\s*(?:[（(]?\s*(?:总|累计)\s*第?\s*\d+\s*期\s*[)）]?)?\s*[)）]?"
)
_YEAR_FIRST = re.compile(r"\s*((?:19|20)\d{2})\s*年度?\s*")
_DATE = re.compile(DATE)


@dataclass(slots=True)
class Masthead:
    """What the head tells. `end`: the first line behind it."""

    end: int = 0
    series: list[Line] = field(default_factory=list)
    newspaper: Line | None = None
    year: Found[int] | None = None
    number: Found[int] | None = None
    cumulative: Found[int] | None = None
    published_on: Found[date] | None = None
    issuers: list[Found[str]] = field(default_factory=list)
    document_number: Line | None = None
    cover_notes: list[Line] = field(default_factory=list)
    furniture: list[Line] = field(default_factory=list)
    web_meta: list[Line] = field(default_factory=list)


def read_masthead(lines: Sequence[Line], forms: Sequence[Form]) -> Masthead:
    """Read from the first line on, as long as lines are what a head is made of."""
    head = Masthead()
    for index, line in enumerate(lines[:_LONGEST_HEAD]):
        following = range(index + 1, min(index + 5, len(lines)))
        if not _take(head, line, forms[index], [lines[i] for i in following], [forms[i] for i in following]):
            break
        head.end = index + 1
    return head


def _take(head: Masthead, line: Line, form: Form, following: list[Line], next_forms: list[Form]) -> bool:
    if form in _HEAD_FORMS:
        _take_by_form(head, line, form)
        return True
    if form not in {Form.HEAD, Form.COLUMN, Form.BRACKETED, Form.POINT}:
        return False
    if has_issue_label(line.text):
        _take_label(head, line)
        return True
    if form is Form.COLUMN and line.text[0] in "【〖[〔":
        return False
    if (paper := _NEWSPAPER.fullmatch(line.text.replace(" ", ""))) and len(line.text) <= 14:
        head.newspaper = head.newspaper or line
        return bool(paper)
    if _EDITION.fullmatch(line.text) or (_SITE.fullmatch(line.text) and not head.series):
        head.furniture.append(line)
        return True
    return _take_issuer(head, line, next_forms) or _take_series(head, line, following, next_forms)


def _take_by_form(head: Masthead, line: Line, form: Form) -> None:
    if form is Form.DATE:
        head.published_on = head.published_on or dated(line, "masthead.date")
    elif form is Form.IMPRINT:
        head.published_on = head.published_on or dated(line, "masthead.imprint")
        head.issuers += issuers_of_imprint(line, "masthead.imprint")
    elif form is Form.DOCUMENT_NUMBER:
        head.document_number = head.document_number or line
    elif form is Form.COVER_NOTE:
        head.cover_notes.append(line)
    elif form is Form.WEB_META:
        head.web_meta.append(line)
    else:
        head.furniture.append(line)


def has_issue_label(text: str) -> bool:
    """Tell whether a short line carries 第N期."""
    return len(text) <= 45 and "。" not in text and _LABEL.search(text) is not None and find_issue(text) is not None


def _take_label(head: Masthead, line: Line) -> None:
    found = find_issue(line.text)
    label = _LABEL.search(line.text)
    if found is None or label is None:
        return
    span = (line.start + label.start(), line.start + label.end())
    number, cumulative = found.number, found.cumulative
    if cumulative is None and re.match(r"[（(]?\s*总", label[0]):
        number, cumulative = None, number
    if head.number is None and number is not None:
        head.number = Found(number, (span,), "masthead.issue")
    if head.cumulative is None and cumulative is not None:
        head.cumulative = Found(cumulative, (span,), "masthead.cumulative_issue")
    before = line.text[: label.start()]
    year_first = _YEAR_FIRST.match(before)
    year = found.year if found.year is not None else int(year_first[1]) if year_first else None
    if head.year is None and year is not None:
        head.year = Found(year, ((line.start, line.start + label.end()),), "masthead.issue_year")
    start = year_first.end() if year_first else 0
    _take_named(head, line.part(start, label.start()))
    _take_rest(head, line.part(label.end(), len(line.text)))


def _take_named(head: Masthead, name: Line) -> None:
    bare = name.text.strip("《》〈〉（( ·—-")
    if len(bare) >= 2 and not head.series:
        offset = name.text.find(bare)
        head.series.append(name.part(offset, offset + len(bare)))


def _take_rest(head: Masthead, rest: Line) -> None:
    if not rest.text:
        return
    if _DATE.search(rest.text):
        head.published_on = head.published_on or dated(rest, "masthead.date")
    rest = rest.part(0, match.start()) if (match := _DATE.search(rest.text)) else rest
    head.issuers += offices_in(rest, "masthead.issuer")


def _take_issuer(head: Masthead, line: Line, next_forms: list[Form]) -> bool:
    red_head = _RED_HEAD.fullmatch(line.text)
    if red_head and is_office(red_head[1]):
        head.issuers.append(Found(red_head[1], ((line.start, line.start + red_head.end(1)),), "masthead.red_head"))
        return True
    in_head = bool(head.series or head.number or head.issuers or head.document_number or Form.DATE in next_forms[:2])
    offices = offices_in(line, "masthead.issuer") if in_head else []
    head.issuers += offices
    return bool(offices)


def _take_series(head: Masthead, line: Line, following: list[Line], next_forms: list[Form]) -> bool:
    if len(line.text) > 24 or re.search(r"[，。：；！？、]", line.text) or (head.series and head.number):
        return False
    label_ahead = next((i for i, other in enumerate(following[:3]) if has_issue_label(other.text)), None)
    names_itself = _SERIAL_NOUN.search(line.text) is not None and next_forms[:1] != [Form.BODY] and not head.series
    if label_ahead is None and not (names_itself and any(form in _HEAD_FORMS for form in next_forms[:3])):
        return False
    head.series.append(line)
    return True


def offices_in(line: Line, rule: str) -> list[Found[str]]:
    """Return the offices that a line of nothing but offices names (several are set apart by blanks)."""
    found: list[Found[str]] = []
    for part in re.finditer(r"\S+(?:（[^）]*）)?", line.text):
        name = re.sub(r"(?:主办|编印|编发|编|印发|印)$", "", part[0])
        if not is_office(name):
            return []
        found.append(Found(name, ((line.start + part.start(), line.start + part.start() + len(name)),), rule))
    return found


def issuers_of_imprint(line: Line, rule: str) -> list[Found[str]]:
    """Return the bodies of an imprint: X主办, 主办：X, X 2022年5月7日印发."""
    found: list[Found[str]] = []
    patterns = (
        r"(?:^|[\s　|])([^\s。，：|]{4,40}?)(?:主办|编印|主编|编发|编)(?=$|[\s　|])",
        r"(?:主办|主管|编印|编发|编辑出版|出版)(?:单位)?\s*[：:]\s*([^\s，。；]+)",
        rf"^([^\d。，：]{{3,60}}?)\s*(?:编印|编)?\s*{DATE}",
    )
    for pattern in patterns:
        for match in re.finditer(pattern, line.text):
            for part in re.finditer(r"\S+", match[1]):
                if is_office(part[0]):
                    start = line.start + match.start(1) + part.start()
                    found.append(Found(part[0], ((start, start + len(part[0])),), rule))
    return found


def dated(line: Line, rule: str) -> Found[date] | None:
    """Return the full date that stands in a line, in any written form."""
    match = _DATE.search(line.text)
    day = parse_date(match[0]) if match else None
    if match is None or day is None:
        return None
    span: Span = (line.start + match.start(), line.start + match.end())
    return Found(day, (span,), rule)
