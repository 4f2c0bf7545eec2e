"""The steps that take out what is no text: control characters, tags, entities, annotations, marks of markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from jianbao_contracts.normalized_bulletin import Removed
from jianbao_text.alignment import Edit, Edited
from jianbao_text.markup import INVISIBLE, LINE_BREAKS, entity_edits, markdown_edits, tag_edits
from jianbao_text.pinyin import find_annotations

Kind = Literal["pinyin", "markup", "page_furniture", "repeated_text", "control"]

_SYMBOL_BULLET = re.compile(r"^[ \t\u3000]*[\uf020-\uf0ff]", re.MULTILINE)
_NESTING = 4
"""Marks in marks that a document may have; a bound keeps a hostile one linear."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text on its way, and what was taken out of it so far, in positions of the original."""

    text: Edited
    removed: list[Removed] = field(default_factory=list)

    def edited(self, edits: Sequence[Edit], kind: Kind | None = None) -> Draft:
        """Return the draft after these edits; with a kind, the ranges they replace are recorded as removed."""
        if not edits:
            return self
        noted = self if kind is None else self.noting([(start, end) for start, end, _ in edits], kind)
        return replace(noted, text=self.text.edit(edits))

    def noting(self, spans: Sequence[tuple[int, int]], kind: Kind) -> Draft:
        """Return the draft with these spans of its present text recorded as removed."""
        origins = [self.text.origin(start, end) for start, end in spans]
        return replace(self, removed=self.removed + [Removed(start=s, end=e, kind=kind) for s, e in origins])

    def without(self, spans: Sequence[tuple[int, int]], kind: Kind) -> Draft:
        """Return the draft without these spans, recorded as removed."""
        return self.edited([(start, end, "") for start, end in spans], kind)

    def with_text(self, text: Edited) -> Draft:
        """Return the draft with a text that was edited elsewhere; nothing is recorded."""
        return replace(self, text=text)

    def without_annotations(self) -> Draft:
        """Return the draft without pinyin annotations. Before conversion: they are told by the Traditional form."""
        return self.without(find_annotations(self.text.text), "pinyin")

    def without_markdown(self) -> Draft:
        """Return the draft without marks of markdown, nested ones (`**# …`) included."""
        draft = self
        for _ in range(_NESTING):
            edits = markdown_edits(draft.text.text)
            if not edits:
                break
            draft = draft.edited(edits, "markup")
        return draft


def strip_bullets(draft: Draft) -> Draft:
    """Return the draft without bullets of a symbol font, which a word processor writes as private characters."""
    return draft.without([match.span() for match in _SYMBOL_BULLET.finditer(draft.text.text)], "markup")


def strip_noise(draft: Draft) -> Draft:
    """Return the draft with plain line breaks and without tags, entities and invisible characters."""
    draft = draft.edited([(m.start(), m.end(), "\n") for m in LINE_BREAKS.finditer(draft.text.text)])
    draft = draft.edited(tag_edits(draft.text.text), "markup")
    draft = draft.edited(entity_edits(draft.text.text))
    return draft.without([match.span() for match in INVISIBLE.finditer(draft.text.text)], "control")
