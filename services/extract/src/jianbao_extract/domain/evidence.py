"""Evidence of an article's values: their places and the rules that found them."""

from __future__ import annotations

from collections.abc import Sequence

from jianbao_contracts import Evidence
from jianbao_extract.domain.drafts import Draft
from jianbao_extract.domain.facts import Name
from jianbao_extract.domain.lines import Line
from jianbao_extract.domain.outline import Point
from jianbao_extract.domain.signatures import Signatures, spans_of


def line_evidence(draft: Draft, signed: Signatures) -> dict[str, Evidence]:
    """Return where the lines around the body stand: each line of a draft has its place."""
    parts: list[tuple[str, Sequence[Line], str]] = [
        ("kicker", draft.kicker, "headline.kicker"),
        ("subtitle", draft.subtitle, "headline.subtitle"),
        ("section", [draft.section] if draft.section else [], "column"),
        ("byline", [*draft.bylines, *draft.units], "byline.line"),
        ("brackets", [*draft.brackets, *([signed.closing] if signed.closing else [])], "signature.brackets"),
        ("remarks", signed.remarks, "headline.remark"),
        ("signature", draft.signature, "signature.at_end"),
        ("captions", draft.captions, "photo.caption"),
    ]
    evidence = {name: Evidence(spans=list(spans_of(lines)), rule=rule) for name, lines, rule in parts if lines}
    if signed.authors:
        evidence["authors"] = Evidence(
            spans=[span for author in signed.authors for span in author.spans], rule=signed.authors[0].rule
        )
    if signed.attribution:
        evidence["attribution"] = Evidence(spans=list(signed.attribution.spans), rule=signed.attribution.rule)
    return evidence


def point_evidence(field: str, points: Sequence[Point]) -> dict[str, Evidence]:
    """Return where the headings of one level stand."""
    if not points:
        return {}
    return {field: Evidence(spans=[point.span for point in points], rule=f"outline.{points[0].mark}")}


_RULES = {
    "persons": "persons.context",
    "organizations": "organizations.noun",
    "works": "quotation.title",
    "quoted_names": "quotation.name",
    "document_numbers": "document_number",
}


def name_evidence(**fields: Sequence[Name]) -> dict[str, Evidence]:
    """Return where the names of each field stand first."""
    return {
        field: Evidence(spans=[(name.start, name.end) for name in names], rule=_RULES[field])
        for field, names in fields.items()
        if names
    }
