"""Articles while the page is being taken apart: which line plays which part."""

from __future__ import annotations

from dataclasses import dataclass, field

from jianbao_extract.domain.lines import Line


@dataclass(slots=True)
class Draft:
    """The lines of one article by their part. `rule` says what made its first line a headline."""

    title: list[Line] = field(default_factory=list)
    rule: str = ""
    kicker: list[Line] = field(default_factory=list)
    subtitle: list[Line] = field(default_factory=list)
    section: Line | None = None
    bylines: list[Line] = field(default_factory=list)
    units: list[Line] = field(default_factory=list)
    brackets: list[Line] = field(default_factory=list)
    remarks: list[Line] = field(default_factory=list)
    numbers: list[Line] = field(default_factory=list)
    meta: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    signature: list[Line] = field(default_factory=list)
    captions: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A whole text taken apart: articles, and everything that stands outside of them."""

    drafts: list[Draft] = field(default_factory=list)
    captions: list[Line] = field(default_factory=list)
    credits: list[Line] = field(default_factory=list)
    advertisements: list[list[Line]] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    columns: list[Line] = field(default_factory=list)
    apparatus: list[Line] = field(default_factory=list)
    """Editors, contacts, labelled facts and page furniture that stand between articles."""
