"""The points of an article: numbered, marked or lead-in headings, on two levels.

What counts as a heading and where it ends: annotation guide, "Outline". The order of markers is that of GB/T 9704
(一、 before （一） before 1. before （1）), with the spoken ones (一是, 首先) below all written ones.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jianbao_extract.domain.forms import MARKERS
from jianbao_extract.domain.lines import Line, Span

_CN = "[一二三四五六七八九十]"
_MARKS: list[tuple[str, str, bool]] = [  # name, pattern, also inside a paragraph
    ("part", rf"第{_CN}{{1,2}}部分[：:、，\s]*", False),
    ("symbol", rf"[{MARKERS}]+\s*", False),
    ("一、", rf"{_CN}{{1,3}}\s*、\s*", False),
    ("（一）", rf"（\s*{_CN}{{1,3}}\s*）\s*", True),
    ("第一，", rf"第{_CN}{{1,2}}\s*[，、：,]\s*", True),
    ("1.", r"\d{1,2}\s*(?:[.．](?!\d)|、)\s*", False),
    ("（1）", r"（\s*\d{1,2}\s*）\s*", True),
    ("①", r"[①-⑳]\s*", True),
    ("首先", r"(?:首先|其次|再次|再者|最后)[，,：:]\s*(?=.)", True),
    ("一是", rf"{_CN}{{1,2}}\s*是(?:要)?(?![以否])\s*", True),
    ("一要", rf"{_CN}{{1,2}}要\s*", True),
]
_PATTERNS = [(name, re.compile(pattern), inside) for name, pattern, inside in _MARKS]
_RANK = {name: rank for rank, (name, _, _) in enumerate(_MARKS)} | {"plain": 2, "lead": len(_MARKS)}
_INSIDE = re.compile("|".join(f"(?P<m{rank}>{pattern})" for rank, (_, pattern, inside) in enumerate(_MARKS) if inside))
_STOP = re.compile(r"[。！？；\n]")
_LONGEST_HEADING = 40
_MOST_CLAUSES = 3
_SHORTEST_PLAIN = 4
_ENDINGS = "。；：，、！ "


@dataclass(frozen=True, slots=True)
class Point:
    """A heading without marker and closing mark, where it stands, and by what it is marked."""

    text: str
    span: Span
    mark: str


@dataclass(frozen=True, slots=True)
class Outline:
    """Two levels of points, in order."""

    top: tuple[Point, ...] = ()
    second: tuple[Point, ...] = ()


def outline_of(paragraphs: Sequence[Line]) -> Outline:
    """Return the points of an article's body. Marks that occur once only open no row of points."""
    points: list[Point] = []
    for index, line in enumerate(paragraphs):
        below = paragraphs[index + 1].text if index + 1 < len(paragraphs) else ""
        points += _marked_points(line, below)
        if _is_plain_heading(paragraphs, index):
            points.append(Point(line.text.rstrip(_ENDINGS), line.span, "plain"))
    counts: dict[str, int] = {}
    for point in points:
        counts[point.mark] = counts.get(point.mark, 0) + 1
    points = [point for point in points if counts[point.mark] >= 2 or point.mark == "symbol"]
    points += lead_sentences(paragraphs, {point.span[0] for point in points})
    points.sort(key=lambda point: point.span)
    marks = sorted({point.mark for point in points}, key=_RANK.__getitem__)
    if not marks:
        return Outline()
    top = tuple(point for point in points if point.mark == marks[0])
    second = tuple(
        point for point in points if len(marks) > 1 and point.mark == marks[1] and point.span[0] > top[0].span[0]
    )
    return Outline(top, second)


def _marked_points(line: Line, below: str) -> list[Point]:
    """Return the marked points of a paragraph: at its start any marker, inside it only spoken and bracketed ones.

    `below`: the next paragraph. Where it is the next point of the same row, or nothing, a lone sentence is no heading
    but exposition, and its heading ends at the first comma.
    """
    starts: list[tuple[int, int, str]] = []
    for name, pattern, _ in _PATTERNS:
        if match := pattern.match(line.text):
            starts.append((0, match.end(), name))
            break
    begin = starts[0][1] if starts else 0
    for match in _INSIDE.finditer(line.text, begin):
        before = line.text[match.start() - 1] if match.start() else "。"
        if before in "。；！？：，、 ”）" and match.lastgroup is not None:
            name = _MARKS[int(match.lastgroup[1:])][0]
            if before in "，、”）" and name != "一是":
                continue
            starts.append((match.start(), match.end(), name))
    points = []
    for index, (_, after, name) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else len(line.text)
        written = index == 0 and len(starts) == 1 and starts[0][0] == 0 and not name.startswith("一")
        heading = _heading(
            line.text,
            after,
            end,
            written=(written or name == "一、") and (below != "" and _mark_at_start(below) != name),
        )
        if heading:
            points.append(
                Point(line.text[after:heading].strip(_ENDINGS), (line.start + after, line.start + heading), name)
            )
    return [point for point in points if point.text]


def _mark_at_start(text: str) -> str | None:
    return next((name for name, pattern, _ in _PATTERNS if pattern.match(text)), None)


def _heading(text: str, start: int, end: int, *, written: bool) -> int:
    """Return where the heading that opens at `start` ends: behind its first sentence, or, where that sentence is itself
    the exposition (nothing follows it in its point, or it runs on over many clauses), at the first comma."""
    stop = _STOP.search(text, start, end)
    sentence_end = stop.start() if stop else end
    sentence = text[start:sentence_end]
    clause = _first_clause(sentence)
    fits = len(sentence) <= _LONGEST_HEADING and sentence.count("，") < _MOST_CLAUSES
    if end == len(text) and written and fits and (stop is None or not text[stop.end() :].strip()):
        return sentence_end  # a written heading on a line of its own
    if stop is None and end == len(text):
        return start + clause if len(sentence) > 2 * _LONGEST_HEADING else sentence_end
    alone = stop is None or not text[stop.end() : end].strip() or text[stop.start()] == "；"
    return start + clause if alone or not fits else sentence_end


def _first_clause(sentence: str) -> int:
    depth = 0
    for index, char in enumerate(sentence):
        depth += (char in "“（《") - (char in "”）》")
        if char in "，：" and depth <= 0 and index >= 2:
            return index
    return len(sentence)


def _is_plain_heading(paragraphs: Sequence[Line], index: int) -> bool:
    """A short line without marker or closing mark, between paragraphs: a heading by its place."""
    text = paragraphs[index].text
    if (
        index + 1 >= len(paragraphs)
        or not _SHORTEST_PLAIN <= len(text) <= _LONGEST_HEADING
        or text[-1] in "。，、；：！？”）…"
        or "。" in text
    ):
        return False
    if any(pattern.match(text) for _, pattern, _ in _PATTERNS) or re.match(r"附件|编者按|[（(]", text):
        return False
    return index > 0 and "。" in paragraphs[index + 1].text


def lead_sentences(paragraphs: Sequence[Line], marked: set[int]) -> list[Point]:
    """Return short sentences without comma that open parallel paragraphs, or follow each other inside one point."""
    openers = [_lead(line, 0) if line.start not in marked else None for line in paragraphs]
    points: list[Point] = []
    row: list[Point] = []
    for opener in [*openers, None]:
        if opener is not None and (not row or _parallel(row[-1].text, opener.text)):
            row.append(opener)
            continue
        points += row if len(row) >= 2 else []
        row = [opener] if opener is not None else []
    taken = {point.span[0] for point in points}
    for line in paragraphs:
        inside = _leads_inside(line)
        points += [point for point in inside if point.span[0] not in taken]
    return points


def _lead(line: Line, start: int) -> Point | None:
    stop = _STOP.search(line.text, start)
    if stop is None or stop[0] != "。" or len(line.text) - stop.end() < 20:
        return None
    text = line.text[start : stop.start()]
    if not 3 <= len(text) <= 22 or re.search(r"[，：、“]$|，|：", text) or any(p.match(text) for _, p, _ in _PATTERNS):
        return None
    return Point(text, (line.start + start, line.start + stop.start()), "lead")


def _leads_inside(line: Line) -> list[Point]:
    """Inside one paragraph a row of leads must be alike in more: same opening, and exposition behind each of them."""
    sentences = [(m.start(), m.end()) for m in re.finditer(r"[^。！？]+[。！？]?", line.text)]
    leads = []
    for (start, end), following in itertools.pairwise(sentences):
        text = line.text[start:end].rstrip("。")
        if 5 <= len(text) <= 20 and not re.search(r"[，：；！？]", text) and following[1] - following[0] > len(text):
            leads.append(Point(text, (line.start + start, line.start + start + len(text)), "lead"))
    alike = Counter(key for point in leads for key in _likeness(point.text))
    rows = [point for point in leads if any(alike[key] >= 2 for key in _likeness(point.text))]
    return rows if len(rows) >= 2 else []


def _parallel(left: str, right: str) -> bool:
    return abs(len(left) - len(right)) <= 1 or left[:2] == right[:2]


def _likeness(text: str) -> tuple[str, str]:
    """Return what two parallel leads share: their first two characters, or the first and the last."""
    return (text[:2], f"{text[0]}…{text.rstrip('”')[-1:]}")
