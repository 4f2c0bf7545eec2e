"""Who wrote or supplied an article: by-lines, bracketed signatures at its end, the unit under its headline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jianbao_extract.domain.drafts import Draft
from jianbao_extract.domain.facts import Found, distinct
from jianbao_extract.domain.forms import joined_names, names_in_byline
from jianbao_extract.domain.lines import Line
from jianbao_extract.domain.offices import is_office, is_post, is_unit, without_writing_words
from jianbao_extract.domain.surnames import is_name

_LABEL = re.compile(
    r"(?:本报|本刊|本网)?(?:特约|实习|见习|首席)?(?:(?:记者|通讯员|撰稿人|作者|撰文|撰稿|整理|报道|供稿人?|执笔)\s*[：:/／]?|(?:文/?图?|图/文)\s*[：:/／])\s*"
)
_CLOSING = re.compile(r"[（(]([^（）()。！？]{2,40})[)）]$")
_OPENING = re.compile(r"^(?:本报|本刊|本网|[㐀-䶿一-鿿]{2,8})?讯\s*[（(]([^（）()]{2,30})[)）]")
_WRITING = re.compile(r"供稿|提供|报送|推荐|来源[：:]|摘自|转自|选自|原载")
_WRITER = re.compile(
    r"作者\s*[：:]\s*([㐀-䶿一-鿿]{2,4}(?:[、，\s]+[㐀-䶿一-鿿]{2,4}(?![㐀-䶿一-鿿：:]))*)(?![㐀-䶿一-鿿：:])"
)
_PLACE_PEN_NAME = re.compile(r"[㐀-䶿一-鿿](?:文|宣|讯|综|创)")
"""Pen name of an office: its place and what it deals in (漳文: 漳州市文明办)."""
_PEN_NAME = re.compile(r"[㐀-䶿一-鿿]{2,4}")
_REMARK = re.compile(r"此件|节选|摘要|根据录音|标题为|略有删|未完|待续|转第|上接|下转|联系|电话|注[：:]")


class Signatures:
    """Collects authors and attribution of one draft; `body` is the body without a closing signature in its last line."""

    def __init__(self, draft: Draft) -> None:
        self.authors: list[Found[str]] = []
        self.attribution: Found[str] | None = None
        self.closing: Line | None = None
        self.remarks: list[Line] = list(draft.remarks)
        self.body = list(draft.body)
        for line in draft.bylines:
            self._byline(line)
        for line in draft.meta:
            if writer := _WRITER.search(line.text):
                self._byline(line.part(*writer.span(1)))
        for line in draft.brackets:
            inner = line.part(1, len(line.text) - 1)
            if self._signed(inner, "attribution.line"):
                continue
            if (
                draft.body
                and line.start > draft.body[-1].start
                and self.attribution is None
                and _PEN_NAME.fullmatch(inner.text)
            ):
                self.attribution = Found(inner.text, (inner.span,), "attribution.pen_name")
            else:
                self.remarks.append(line)
        self._closing()
        self._opening()
        if self.attribution is None and draft.units:
            unit = draft.units[0]
            self.attribution = Found(unit.text, (unit.span,), "attribution.unit_under_headline")
        self.authors = distinct(self.authors)

    def _byline(self, line: Line) -> None:
        self.authors += authors_in(line, "byline.line")

    def _closing(self) -> None:
        """A bracket that ends the last paragraph (…好做法。（滨江区文明办）)."""
        if not self.body:
            return
        last = self.body[-1]
        match = _CLOSING.search(last.text)
        if match and self._signed(last.part(*match.span(1)), "attribution.closing"):
            self.closing = last.part(match.start(), len(last.text))
            rest = last.part(0, match.start())
            self.body[-1:] = [rest] if rest.text else []

    def _opening(self) -> None:
        """本报讯（记者 张三） and 本报讯（漳文): the bracket stays in the body, as it is printed in its first sentence."""
        match = _OPENING.match(self.body[0].text) if self.body else None
        if match is None:
            return
        inner = self.body[0].part(*match.span(1))
        is_pen_name = _PLACE_PEN_NAME.fullmatch(inner.text) is not None
        if (
            (is_pen_name or not self._signed(inner, "attribution.opening"))
            and self.attribution is None
            and len(inner.text) <= 8
        ):
            self.attribution = Found(inner.text, (inner.span,), "attribution.pen_name")

    def _signed(self, inner: Line, rule: str) -> bool:
        """Read the inside of a bracket; tell whether it is a signature."""
        text = inner.text
        if _REMARK.search(text) or not re.search(r"[㐀-䶿一-鿿]", text):
            return False
        if _LABEL.match(text) or names_in_byline(text):
            found = authors_in(inner, rule)
            self.authors += found
            return bool(found)
        name = without_writing_words(text)
        body, _, last = name.rpartition(" ")
        names = [part for part in re.split(r"[、，\s]+", last) if part]
        if (
            body
            and names
            and all(is_name(part) for part in names)
            and (is_unit(body) or is_office(body) or is_post(body))
        ):
            self._attribute(inner, body, rule)
            self.authors += [_found(inner, part, rule) for part in names]
            return True
        if _WRITING.search(text) or all(
            is_unit(part) or is_office(part) for part in re.split(r"[、，\s]+", name) if part
        ):
            self._attribute(inner, name, rule)
            return True
        return False

    def _attribute(self, inner: Line, name: str, rule: str) -> None:
        if self.attribution is None and name:
            self.attribution = _found(inner, name, rule)


def authors_in(line: Line, rule: str) -> list[Found[str]]:
    """Return the names of a by-line, without labels and office words."""
    bare = _LABEL.sub(" ", line.text.strip("（）()□ "))
    whole = names_in_byline(bare.strip())
    if whole:
        return [_found(line, name, rule) for name in whole]
    parts = [part for part in re.split(r"[\s、，：:/]+", joined_names(bare)) if part]
    return [_found(line, part, rule) for part in parts if is_name(part) and not is_unit(part)]


def _found(line: Line, value: str, rule: str) -> Found[str]:
    at = line.text.find(value)
    span = (line.start + at, line.start + at + len(value)) if at >= 0 else line.span
    return Found(value, (span,), rule)


def spans_of(lines: Sequence[Line]) -> tuple[tuple[int, int], ...]:
    """Return the places of lines."""
    return tuple(line.span for line in lines)
