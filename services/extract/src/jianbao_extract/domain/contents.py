"""The printed contents list, and the headlines further down that its entries announce."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from jianbao_extract.domain.forms import POINT, Form
from jianbao_extract.domain.lines import Line, key_of

_LEADERS = re.compile(r"[\s.．…·•\-—_]*[（(]?\s*\d{1,3}\s*[)）]?$")
_HEADS = {Form.HEAD, Form.POINT, Form.BYLINE, Form.SUBTITLE, Form.COLUMN, Form.FURNITURE}
_JOINED = 3
"""A headline stands on at most so many lines."""
_SHORTEST_KEY = 5
"""Letters; shorter lines (动态, 目录) recur without being an announcement."""


@dataclass(slots=True)
class Contents:
    """The list: its lines by index, entries as printed, and where in the text each announced headline stands."""

    lines: set[int] = field(default_factory=set)
    entries: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    headlines: dict[int, int] = field(default_factory=dict)
    """Index of a headline's first line → how many lines it has."""
    sections: dict[int, Line] = field(default_factory=dict)
    """Where a headline stands in the text → the column under which the list names it."""


def read_contents(lines: Sequence[Line], forms: Sequence[Form], begin: int) -> Contents:
    """Find the list among the short lines from `begin` to the first paragraph, by its entries' second appearance."""
    zone_end = next(
        (i for i in range(begin, len(lines)) if forms[i] is Form.BODY and not _is_entry(lines[i].text)), len(lines)
    )
    marked = any(forms[i] is Form.CONTENTS_MARK for i in range(begin, zone_end))
    later = _headline_keys(lines, forms, begin)
    contents = Contents()
    matched: list[tuple[int, int]] = []
    index, headline_first = begin, len(lines)
    while index < min(zone_end, headline_first):
        entry = _match_entry(lines, forms, index, zone_end, later)
        if entry is None:
            index += 1
            continue
        count, (start, size) = entry
        headline_first = min(headline_first, start)
        contents.headlines[start] = size
        matched.append((index, start))
        contents.lines |= set(range(index, index + count))
        contents.entries.append((_printed(lines[index : index + count]), tuple(range(index, index + count))))
        index += count
    if len(matched) < (1 if marked else 2):
        return Contents()
    _add_between(contents, lines, forms, begin, matched[0][0], headline_first)
    _add_sections(contents, lines, forms, matched)
    return contents


def _add_between(
    contents: Contents, lines: Sequence[Line], forms: Sequence[Form], begin: int, first: int, headline: int
) -> None:
    """Lines between matched entries belong to the list too: columns, its head, and entries whose headline was damaged."""
    last = max(contents.lines)
    start = next((i for i in range(begin, first) if forms[i] is Form.CONTENTS_MARK), first)
    if start > begin and forms[start - 1] is Form.COLUMN and start == first:
        start -= 1
    while start == first and first > begin and forms[first - 1] is Form.COLUMN:
        start = first = first - 1
    for index in range(start, min(last + 1, headline)):
        if index in contents.lines:
            continue
        contents.lines.add(index)
        if forms[index] in {Form.HEAD, Form.POINT}:
            contents.entries.append((_printed([lines[index]]), (index,)))
    contents.entries.sort(key=lambda entry: entry[1])


def _add_sections(
    contents: Contents, lines: Sequence[Line], forms: Sequence[Form], matched: list[tuple[int, int]]
) -> None:
    headline_of = dict(matched)
    column: Line | None = None
    for index in sorted(contents.lines):
        if forms[index] is Form.COLUMN:
            column = lines[index]
        elif column is not None and index in headline_of:
            contents.sections[lines[headline_of[index]].start] = column


def _is_entry(text: str) -> bool:
    return len(text) <= 80 and "。" not in text and _LEADERS.search(text) is not None


def _headline_keys(lines: Sequence[Line], forms: Sequence[Form], begin: int) -> dict[str, list[tuple[int, int]]]:
    keys: dict[str, list[tuple[int, int]]] = {}
    for index in range(begin, len(lines)):
        joined = ""
        for size in range(1, _JOINED + 1):
            last = index + size - 1
            if last >= len(lines) or forms[last] not in _HEADS:
                break
            joined += key_of(lines[last].text)
            if len(joined) >= _SHORTEST_KEY:
                keys.setdefault(joined, []).append((index, size))
    return keys


def _match_entry(
    lines: Sequence[Line], forms: Sequence[Form], index: int, zone_end: int, later: dict[str, list[tuple[int, int]]]
) -> tuple[int, tuple[int, int]] | None:
    """Return how many lines the entry at `index` has, and where its headline stands."""
    for count in range(1, _JOINED + 1):
        last = index + count
        if last > zone_end or forms[last - 1] in {Form.COLUMN, Form.CONTENTS_MARK}:
            return None
        printed = _printed(lines[index:last])
        for key in {key_of(printed), key_of(POINT.sub("", printed, count=1))}:
            places = later.get(key, [])
            at = bisect_left(places, (last, 0))
            if at < len(places):
                return count, places[at]
    return None


def _printed(lines: Sequence[Line]) -> str:
    text = " ".join(line.text for line in lines)
    return _LEADERS.sub("", text).strip() or text
