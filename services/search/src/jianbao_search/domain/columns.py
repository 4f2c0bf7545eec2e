"""What the fields of a document hold: terms of its texts, exact values, and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from jianbao_contracts import ExtractedBulletin
from jianbao_search.domain import fields
from jianbao_search.domain.analysis import characters, number_of, words
from jianbao_search.domain.declared import published_on
from jianbao_search.domain.head import Head
from jianbao_text.places import gazetteer


def texts(titles: list[str], bodies: list[str], masthead: list[str | None]) -> dict[str, str]:
    """Return the analysed fields."""
    named = [text for text in masthead if text]
    return {
        fields.TITLE: _joined(words(text) for text in titles),
        fields.BODY: _joined(words(text) for text in bodies),
        fields.MASTHEAD: _joined(words(text) for text in named),
        fields.TITLE_CHAR: _joined(characters(text) for text in titles),
        fields.BODY_CHAR: _joined(characters(text) for text in bodies),
    }


def _joined(texts: Iterable[Iterable[str]]) -> str:
    return " ".join(chain.from_iterable(texts))


def terms(
    event: ExtractedBulletin, head: Head, document: str, regions: tuple[str, ...], *, found: bool
) -> dict[str, tuple[str, ...]]:
    """Return the exact fields. `document` is `article`, `head` or `mark`; `found`: listed without any words."""
    series = event.bulletin.series
    return {
        fields.BULLETIN_ID: (event.bulletin_id,),
        fields.CLUSTER_ID: (head.cluster_id,),
        fields.OFFICE: (event.office,),
        fields.SERIES: (series,) if series else (),
        fields.KIND: (event.bulletin.kind,),
        fields.SCRIPT: (event.script,),
        fields.REGION: regions,
        fields.DOCUMENT: (document,),
        fields.FOUND: ("yes",) if found else (),
    }


def numbers(event: ExtractedBulletin, head: Head, regions: tuple[str, ...], *, is_head: bool) -> dict[str, int]:
    """Return the columns of numbers; what is not known has no value."""
    facts = event.bulletin
    published = day_number(published_on(event))
    optional = {
        fields.SERIES_NUMBER: number_of(facts.series) if facts.series else None,
        fields.YEAR: published // 10000 if published else facts.issue.year,
        fields.ISSUE: facts.issue.number,
        fields.CUMULATIVE: facts.issue.cumulative,
    }
    return {
        fields.CLUSTER: number_of(head.cluster_id),
        fields.OFFICE_NUMBER: number_of(event.office),
        fields.REGION_SET: number_of(" ".join(sorted(regions))),
        fields.SEQUENCE: fields.LATE if head.sequence is None else head.sequence,
        fields.VERSION: head.version,
        fields.IS_HEAD: int(is_head),
        fields.PUBLISHED: published,
        **{name: value for name, value in optional.items() if value is not None and value >= 0},
    }


_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def day_number(day: str | None) -> int:
    """Return an ISO date (or year, or month) as yyyymmdd, with 00 for what is not known; 0 for no date."""
    found = _DAY.match(day or "")
    return int(found[1]) * 10000 + int(found[2] or 0) * 100 + int(found[3] or 0) if found else 0


def with_ancestors(adcodes: Iterable[str | None]) -> tuple[str, ...]:
    """Return today's codes of regions with all regions above them: what a filter by region matches."""
    places = gazetteer()
    found: dict[str, None] = {}
    for adcode in adcodes:
        if adcode:
            found.update(dict.fromkeys(places.ancestors(places.today(adcode)) or (adcode,)))
    return tuple(found)
