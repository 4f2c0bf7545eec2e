"""What tells one edition of a text from another: its series and issue, and its figures, dates, regions and names in context.

Bulletins are written on templates: last year's edition, the next issue and the neighbour's report can share nine tenths
of their words. What differs between them are these facts, so each is taken out of the text with the words around it,
and the text itself is compared with all facts masked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jianbao_normalize.domain.names import find_names
from jianbao_text import fingerprints
from jianbao_text.issue_numbers import IssueLabel, find_issue
from jianbao_text.places import gazetteer
from jianbao_text.width import fold

Kind = Literal["time", "figure", "region", "name"]

CONTEXT = 6
"""Characters of masked text on one side of a fact by which it is found again in another edition."""

LEAST_WORDS = 4
"""Of these, characters that are words: a context made of other facts says nothing."""

MASKS: dict[Kind, str] = {"time": "\U000f0001", "figure": "\U000f0002", "region": "\U000f0003", "name": "\U000f0004"}
"""Private-use characters that stand for a fact; clean text has none of that plane."""

_MASKS = frozenset(MASKS.values())

HEAD_LINES, FOOT_LINES, FURNITURE_LENGTH = 15, 12, 60

_SERIES = re.compile(
    r"^[《〈]?(.{2,28}?(?:简报|信息|快报|专报|动态|简讯|通讯|要情|摘报|快讯|参考|工作交流))[》〉]?(?=$|[\s(（〔\[【第总])"
)
_FURNITURE = re.compile(
    r"第.{1,8}期|总第|^\W*(?:19|20)\d\d\W*年.{0,12}日\W*$|^\W*(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}"
    r"|(?:发布|发表|更新|刊发|发稿|打印)(?:时间|日期|人)|(?:来源|作者|编辑|主编|责编|审核|签发|校对|浏览|点击|字号|电话|邮箱|地址|网址)\W*[::]"
    r"|^\W*(?:报|送|发|抄送|抄报|主送|分送|主办|承办|编印)\W*[::]|共印|印发|备案|版权所有"
    r"|(?:办公室|文明办|委员会|宣传部|编辑部|指导中心)\W*(?:编|主办|编印)?\W*$"
)
_FACT = re.compile(
    r"(?P<time>(?:19|20)\d\d\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?)?|(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?"
    r"|\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?|\d{1,2}\s*[日号时](?!线|楼|院|地铁)"
    r"|[〇零一二三四五六七八九]{4}年(?:[一二三四五六七八九十]{1,2}月)?(?:[一二三四五六七八九十]{1,3}日)?)"
    r"|(?P<figure>\d+(?:\.\d+)?|[一二三四五六七八九十百千万亿两零〇]{2,})"
)
"""A whole date is one fact: who corrects it changes one thing."""

_BLANK = re.compile(r"\s+")
_SILENT = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d(?=\s*(?:年|[-—至]))")


Key = tuple[Kind, str, str]
"""A kind of fact, the side, and the words on that side: where such a fact stands."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure, a part of a date, a region or a person's name, and the words left and right of it that say something.

    `length`: characters it is written with. `furniture`: it stands in the masthead, the foot or a line of credits,
    which a reprint replaces by its own.
    """

    kind: Kind
    value: str
    length: int
    keys: tuple[Key, ...]
    furniture: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """The facts of a text. `title_years`: years named in its headlines. `masked`: shingles of the text without facts.

    `values`: all values of the facts that stand in the same words.
    """

    series: str | None
    issue: IssueLabel | None
    title_years: frozenset[str]
    facts: tuple[Fact, ...]
    masked: NDArray[np.uint64]
    values: Mapping[Key, Collection[str]]


def profile_of(text: str) -> Profile:
    """Return the facts of a clean text."""
    lines = text.split("\n")
    furniture, head = _furniture(lines)
    series = next((match[1] for line in lines[:HEAD_LINES] if (match := _SERIES.match(line.strip()))), None)
    titles = [lines[number] for number in head if not furniture[number]]
    masked, facts = _facts(text, lines, furniture)
    return Profile(
        series=fingerprints.comparable(series) if series else None,
        issue=find_issue("\n".join(lines[:HEAD_LINES])),
        title_years=frozenset(year for title in titles for year in _YEAR.findall(title)),
        facts=facts,
        masked=fingerprints.shingles(masked),
        values=_by_place(facts),
    )


def _furniture(lines: list[str]) -> tuple[list[bool], list[int]]:
    """Return, for each line, whether it is furniture, and the numbers of the lines before the first paragraph."""
    end = next((n for n, line in enumerate(lines) if len(line) > FURNITURE_LENGTH), len(lines))
    head = list(range(min(end, HEAD_LINES)))
    edges = {*head, *range(max(0, len(lines) - FOOT_LINES), len(lines))}
    flags = [
        number in edges
        and len(line) <= FURNITURE_LENGTH
        and bool(_FURNITURE.search(line) or _SERIES.match(line.strip()))
        for number, line in enumerate(lines)
    ]
    return flags, head


def _facts(text: str, lines: list[str], furniture: list[bool]) -> tuple[str, tuple[Fact, ...]]:
    folded = fold(text)
    found: list[tuple[int, int, Kind, str]] = [
        (match.start(), match.end(), "time" if match["time"] else "figure", _BLANK.sub("", match[0]))
        for match in _FACT.finditer(folded)
    ]
    found += [(m.start, m.end, "region", m.adcode) for m in gazetteer().find(text).regions]
    found += [(start, end, "name", name) for start, end, name in find_names(folded)]
    pieces: list[str] = []
    places: list[tuple[Kind, str, int, int, int]] = []
    at = length = line = 0
    line_end = len(lines[0])
    for start, end, kind, value in sorted(found):
        if start < at:
            continue
        while start > line_end:
            line += 1
            line_end += 1 + len(lines[line])
        words = _SILENT.sub("", folded[at:start])
        places.append((kind, value, end - start, length + len(words), line))
        pieces += (words, MASKS[kind])
        length += len(words) + 1
        at = end
    masked = "".join((*pieces, _SILENT.sub("", folded[at:])))
    return masked, tuple(
        Fact(kind, value, size, _keys(kind, masked, place), furniture[line])
        for kind, value, size, place, line in places
    )


def _keys(kind: Kind, masked: str, place: int) -> tuple[Key, ...]:
    sides = (("left", masked[max(0, place - CONTEXT) : place]), ("right", masked[place + 1 : place + 1 + CONTEXT]))
    return tuple((kind, side, words) for side, words in sides if sum(c not in _MASKS for c in words) >= LEAST_WORDS)


def _by_place(facts: Iterable[Fact]) -> Mapping[Key, Collection[str]]:
    values: dict[Key, set[str]] = {}
    for fact in facts:
        for key in fact.keys:
            values.setdefault(key, set()).add(fact.value)
    return values
