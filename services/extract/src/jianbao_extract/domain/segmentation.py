"""From lines to articles: runs of short lines are read as the head or the tail of the paragraphs between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jianbao_extract.domain.contents import Contents
from jianbao_extract.domain.drafts import Draft, Page
from jianbao_extract.domain.forms import Form
from jianbao_extract.domain.headlines import (
    Heads,
    is_slogan_block,
    leading_regions,
    opens_article,
    read_heads,
    signer_at_end,
    split_advertisement,
)
from jianbao_extract.domain.lines import Line
from jianbao_extract.domain.offices import is_office
from jianbao_extract.domain.photos import captions_marked

_APPARATUS = {
    Form.FURNITURE, Form.COVER_NOTE, Form.DISTRIBUTION, Form.SERIAL, Form.CONTACT, Form.IMPRINT, Form.WEB_META, Form.EDITORS,
    Form.CONTENTS_MARK, Form.DOCUMENT_NUMBER,
}  # fmt: skip
_NOTE_MARK = re.compile(r"[【\[（(]?\s*(?:编\s*者\s*按|编者的话|编\s*者|按\s*语?)\s*[】\]）)]?\s*[：:]?\s*")


@dataclass(slots=True)
class _Opening:
    """Short lines seen since the last paragraph or the last visible end of an article."""

    heads: list[int] = field(default_factory=list)
    bylines: list[Line] = field(default_factory=list)
    subtitle: list[Line] = field(default_factory=list)
    brackets: list[Line] = field(default_factory=list)
    remarks: list[Line] = field(default_factory=list)
    meta: list[Line] = field(default_factory=list)
    numbers: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    column: Line | None = None
    closed: bool = False


class Segmenter:
    """Takes one text apart. One pass over the lines; every line ends up in exactly one place of the page."""

    def __init__(self, lines: Sequence[Line], forms: Sequence[Form], contents: Contents, *, newspaper: bool) -> None:
        self._lines = lines
        self._forms = captions_marked(lines, forms)
        self._contents = contents
        self._newspaper = newspaper
        self._page = Page()
        self._column: Line | None = None
        self._section: Line | None = None
        self._loose_captions: list[Line] = []

    def take_apart(self, begin: int, end: int) -> Page:
        """Return the page of the lines [begin, end)."""
        index = begin
        while index < end:
            run: list[int] = []
            while index < end and not self._is_paragraph(index):
                if index not in self._contents.lines:
                    run.append(index)
                index += 1
            index = self._close_run(run, index, end)
            while index < end and self._is_paragraph(index):
                self._current().body.append(self._lines[index])
                index += 1
        for draft in self._page.drafts:
            draft.body.sort(key=lambda line: line.start)
        return self._page

    def _is_paragraph(self, index: int) -> bool:
        """A numbered heading opens or continues a body as a paragraph does, unless the contents list announces it."""
        if self._forms[index] is Form.BODY:
            return index not in self._contents.lines
        return (
            self._forms[index] is Form.POINT
            and index not in self._contents.headlines
            and index not in self._contents.lines
        )

    def _current(self) -> Draft:
        if not self._page.drafts:
            self._page.drafts.append(Draft(rule="title.none", section=self._column))
        return self._page.drafts[-1]

    def _close_run(self, run: list[int], index: int, end: int) -> int:
        """Decide what a run of short lines is; return the index of the first paragraph behind it."""
        opening = _Opening(closed=not self._page.drafts)
        for at in run:
            self._take(opening, at)
        if opening.notes and _NOTE_MARK.fullmatch(opening.notes[-1].text) and index < end:
            opening.notes.append(self._lines[index])
            index += 1
        self._decide(opening, self._lines[index] if index < end else None)
        return index

    def _take(self, opening: _Opening, at: int) -> None:
        line, form = self._lines[at], self._forms[at]
        draft = self._page.drafts[-1] if self._page.drafts else None
        if form is Form.COLUMN:
            self._flush(opening)
            self._column, self._section, opening.closed = line, None, True
            opening.column = line
            self._page.columns.append(line)
        elif form in _APPARATUS:
            if form is Form.EDITORS:
                self._flush(opening)
                opening.closed = True
            self._page.apparatus.append(line)
            if form is Form.WEB_META:
                opening.meta.append(line)
            elif form is Form.DOCUMENT_NUMBER:
                opening.numbers.append(line)
        elif form in {Form.CAPTION, Form.CREDIT}:
            self._flush(opening)
            opening.closed = opening.closed or self._newspaper
            (self._page.credits if form is Form.CREDIT else self._loose_captions).append(line)
        elif form is Form.EDITORS_NOTE:
            opening.notes.append(line)
        elif form is Form.DATE:
            self._take_date(opening, line, draft)
        elif form in {Form.BRACKETED, Form.BYLINE}:
            self._take_signature(opening, line, form, draft)
        elif form is Form.SUBTITLE and opening.heads:
            opening.subtitle.append(line)
        else:
            opening.heads.append(at)

    def _take_date(self, opening: _Opening, line: Line, draft: Draft | None) -> None:
        first = len(opening.heads)
        while first and is_office(self._lines[opening.heads[first - 1]].text.replace(" ", "")):
            first -= 1
        if draft is not None and draft.body and first < len(opening.heads):
            signers = [self._lines[i] for i in opening.heads[first:]]
            del opening.heads[first:]
            self._flush(opening)
            draft.signature += [*signers, line]
            opening.closed = True
        elif opening.heads or draft is None:
            opening.remarks.append(line)
        else:
            draft.signature.append(line)
            opening.closed = True

    def _take_signature(self, opening: _Opening, line: Line, form: Form, draft: Draft | None) -> None:
        if opening.heads or draft is None or not draft.body:
            (opening.bylines if form is Form.BYLINE else opening.brackets).append(line)
        else:
            (draft.bylines if form is Form.BYLINE else draft.brackets).append(line)
            opening.closed = True

    def _flush(self, opening: _Opening) -> None:
        """Short lines before a visible end belong to what stands above: an advertisement, or a last point."""
        heads = [self._lines[i] for i in opening.heads]
        opening.heads.clear()
        self._place_orphans(heads, last=False)

    def _announced(self, heads: Sequence[int]) -> tuple[int, int] | None:
        for position, at in enumerate(heads):
            if at in self._contents.headlines:
                return position, self._contents.headlines[at]
        return None

    def _decide(self, opening: _Opening, following: Line | None) -> None:
        announced = self._announced(opening.heads)
        heads = [self._lines[i] for i in opening.heads]
        if announced is None:
            advertisement, heads = split_advertisement(heads)
            if advertisement:
                self._page.advertisements.append(advertisement)
                opening.closed = True
        if self._ends_with_names(heads, following):
            self._page.drafts[-1].bylines += heads
            heads, opening.closed = [], True
        parts = read_heads(heads, announced)
        parts.bylines += opening.bylines
        if announced is not None or self._opens(parts, following, opening):
            self._open(parts, opening, "contents.entry" if announced is not None else "headline.layout")
            return
        self._place_captions(None)
        if opening.column is not None and not heads and following is not None and self._page.drafts:
            # Short items without headlines of their own stand under their column's name.
            self._page.drafts.append(Draft([opening.column], "title.column"))
        if heads:
            self._place_orphans(heads, last=following is None)
        self._place_rest(opening)

    def _ends_with_names(self, heads: list[Line], following: Line | None) -> bool:
        """Names alone between two articles, or at the end, sign what stands above them."""
        return (
            bool(heads)
            and bool(self._page.drafts)
            and len(heads) == 1
            and following is None
            and signer_at_end(heads[0])
        )

    def _opens(self, parts: Heads, following: Line | None, opening: _Opening) -> bool:
        if not self._page.drafts or not self._page.drafts[-1].title:
            return bool(parts.title)
        title = " ".join(line.text for line in self._page.drafts[-1].title)
        closed = opening.closed and not self._contents.headlines
        return opens_article(parts, following, closed=closed, regions_before=leading_regions(title))

    def _open(self, parts: Heads, opening: _Opening, rule: str) -> None:
        if parts.section is not None:
            self._section = parts.section
        drafts = self._page.drafts
        if len(drafts) == 1 and not drafts[0].title and not drafts[0].body:
            drafts.clear()
        section = self._contents.sections.get(parts.title[0].start, self._section or self._column)
        draft = Draft(
            parts.title, rule, parts.kicker, [*parts.subtitle, *opening.subtitle], section, parts.bylines, parts.units
        )
        draft.brackets, draft.remarks, draft.meta = list(opening.brackets), list(opening.remarks), list(opening.meta)
        draft.numbers = list(opening.numbers)
        draft.body += parts.list_below
        self._place_captions(draft)
        drafts.append(draft)
        if parts.section is None or not opening.notes:
            draft.body += [note for note in opening.notes if note.start > parts.title[0].start]
            self._page.notes += [note for note in opening.notes if note.start < parts.title[0].start]
        else:
            self._page.notes += opening.notes
        if self._newspaper:
            self._column = None

    def _place_rest(self, opening: _Opening) -> None:
        if not self._page.drafts:
            self._page.notes += opening.notes
            self._page.apparatus += [*opening.remarks, *opening.brackets, *opening.bylines, *opening.subtitle]
            return
        current = self._current()
        current.body += sorted([*opening.notes, *opening.subtitle], key=lambda line: line.start)
        current.brackets += opening.brackets
        current.bylines += opening.bylines
        current.remarks += opening.remarks

    def _place_captions(self, opened: Draft | None) -> None:
        """A photo between two articles of a newspaper page stands for itself; elsewhere it belongs to what is above it."""
        current = self._page.drafts[-1] if self._page.drafts else None
        if current is None or (self._newspaper and opened is not None):
            self._page.captions += self._loose_captions
        else:
            current.captions += self._loose_captions
        self._loose_captions = []

    def _place_orphans(self, heads: list[Line], *, last: bool) -> None:
        if not heads:
            return
        advertisement, rest = split_advertisement(heads)
        if self._newspaper and not advertisement and is_slogan_block(rest):
            advertisement, rest = rest, []
        if advertisement:
            self._page.advertisements.append(advertisement)
        if not rest:
            return
        current = self._current()
        if all(is_office(line.text.replace(" ", "")) for line in rest) and current.body:
            current.signature += rest
        elif last and self._newspaper and current.section is None and len(rest) == 1 and len(rest[0].text) <= 14:
            current.section = rest[0]  # a column's name in the corner of the page is read last
        else:
            current.body += rest
