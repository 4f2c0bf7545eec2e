"""From a draft to an article of the contract: names, figures, places and evidence, each with its span."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jianbao_contracts import Article, DateMention, Evidence, Mention, Quantity, RegionMention
from jianbao_contracts.identity import article_id
from jianbao_extract.domain.drafts import Draft
from jianbao_extract.domain.evidence import line_evidence, name_evidence, point_evidence
from jianbao_extract.domain.facts import Name
from jianbao_extract.domain.lines import Line, Span, texts
from jianbao_extract.domain.organizations import organizations_in
from jianbao_extract.domain.outline import outline_of
from jianbao_extract.domain.persons import persons_in
from jianbao_extract.domain.photos import caption_text
from jianbao_extract.domain.quoted import document_numbers_in, quoted_names_in, works_in
from jianbao_extract.domain.regions import primary
from jianbao_extract.domain.signatures import Signatures
from jianbao_extract.domain.stretches import Stretch
from jianbao_text.dates import find_dates
from jianbao_text.places import gazetteer
from jianbao_text.quantities import find_quantities

_LONGEST_STAND_IN = 30
_COLUMN_MARKS = "【】〖〗[]〔〕◆◇■□●○▲△▼▶►★☆❖※♦=—- 　"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the bulletin around an article tells: whose it is, of when, from where."""

    bulletin_id: str
    text: str
    published_on: date | None
    year: int | None
    adcode: str | None
    declared_title: str | None
    document_number: Line | None


@dataclass(frozen=True, slots=True)
class _Places:
    regions: list[RegionMention]
    unresolved: list[str]


def read_article(draft: Draft, position: int, setting: Setting) -> Article:
    """Return the article that a draft holds."""
    signed = Signatures(draft)
    segments = segments_of(signed.body, setting.text)
    heads = [*draft.kicker, *draft.title, *draft.subtitle]
    named = sorted([*heads, *signed.body, *draft.captions], key=lambda line: line.start)
    places = _places([*draft.title, *signed.body], setting)
    title, title_evidence = _title(draft, signed.body, setting)
    persons = persons_in(named)
    organizations = organizations_in(named, persons)
    works, quoted, numbers = (
        works_in(named),
        quoted_names_in(named),
        document_numbers_in([*_own_number(position, setting), *draft.numbers, *named]),
    )
    outline = outline_of(signed.body)
    primary_adcode = _primary(draft, signed, places, setting)
    evidence = {"title": title_evidence} if title_evidence else {}
    evidence |= line_evidence(draft, signed)
    evidence |= point_evidence("outline", outline.top) | point_evidence("outline_2", outline.second)
    evidence |= name_evidence(
        persons=persons, organizations=organizations, works=works, quoted_names=quoted, document_numbers=numbers
    )
    if primary_adcode is not None:
        told = [(r.start, r.end) for r in places.regions if r.adcode == primary_adcode][:1]
        evidence["primary_adcode"] = Evidence(spans=told, rule="regions.primary")
    return Article(
        article_id=article_id(setting.bulletin_id, position),
        position=position,
        title=title,
        kicker=texts(draft.kicker) or None,
        subtitle=texts(draft.subtitle).lstrip("—－-─ ") or None,
        section=section_name(draft.section),
        authors=[author.value for author in signed.authors],
        attribution=signed.attribution.value if signed.attribution else None,
        body="\n".join(setting.text[start:end] for start, end in segments),
        segments=segments,
        primary_adcode=primary_adcode,
        regions=places.regions,
        unresolved_regions=places.unresolved,
        outline=[point.text for point in outline.top],
        outline_2=[point.text for point in outline.second],
        persons=_mentions(persons),
        organizations=_mentions(organizations),
        works=_mentions(works),
        quoted_names=_mentions(quoted),
        document_numbers=_mentions(numbers),
        quantities=_quantities(signed.body),
        dates=_dates(signed.body, setting),
        captions=[caption_text(line) for line in draft.captions],
        evidence=evidence,
    )


def _own_number(position: int, setting: Setting) -> list[Line]:
    """The number in a red head is that of the document under it."""
    return [setting.document_number] if position == 1 and setting.document_number else []


def segments_of(lines: Sequence[Line], text: str) -> list[Span]:
    """Return the stretches of text that a body is made of; lines with nothing but a line end between them are one."""
    segments: list[Span] = []
    for line in lines:
        if segments and text[segments[-1][1] : line.start] == "\n":
            segments[-1] = (segments[-1][0], line.end)
        else:
            segments.append(line.span)
    return segments


def section_name(line: Line | None) -> str | None:
    """Return a column's name without its marks."""
    return (line.text.strip(_COLUMN_MARKS) or line.text) if line is not None else None


def _title(draft: Draft, body: Sequence[Line], setting: Setting) -> tuple[str, Evidence | None]:
    """Return the printed title; where none is printed, the office's own, else the opening of the body."""
    if draft.title:
        return texts(draft.title), Evidence(spans=[line.span for line in draft.title], rule=draft.rule)
    if setting.declared_title:
        return setting.declared_title, Evidence(spans=[], rule="title.declared")
    if not body:
        return "", None
    opening = body[0].text.partition("。")[0][:_LONGEST_STAND_IN]
    return opening, Evidence(spans=[(body[0].start, body[0].start + len(opening))], rule="title.opening_words")


def _places(lines: Sequence[Line], setting: Setting) -> _Places:
    stretch = Stretch(sorted(lines, key=lambda line: line.start))
    mentions = gazetteer().find(stretch.text, on=setting.published_on, home=setting.adcode)
    regions = []
    for mention in mentions.regions:
        if stretch.whole(mention.start, mention.end):
            start, end = stretch.span(mention.start, mention.end)
            regions.append(
                RegionMention(
                    text=setting.text[start:end], start=start, end=end, adcode=mention.adcode, name=mention.name
                )
            )
    return _Places(regions, list(dict.fromkeys(mentions.unresolved)))


def _primary(draft: Draft, signed: Signatures, places: _Places, setting: Setting) -> str | None:
    title_spans = [line.span for line in draft.title]
    in_title = [r.adcode for r in places.regions if any(start <= r.start < end for start, end in title_spans)]
    in_body = [r.adcode for r in places.regions if not any(start <= r.start < end for start, end in title_spans)]
    around = [draft.section.text if draft.section else "", signed.attribution.value if signed.attribution else ""]
    outer: list[str] = []
    for name in around:
        found = gazetteer().find(name, home=setting.adcode).regions if name else []
        outer += [found[-1].adcode] if found else []
    return primary(in_title, in_body, [*outer, *([setting.adcode] if setting.adcode else [])])


def _quantities(body: Sequence[Line]) -> list[Quantity]:
    stretch = Stretch(body)
    found = []
    for quantity in find_quantities(stretch.text):
        if stretch.whole(quantity.start, quantity.end):
            start, end = stretch.span(quantity.start, quantity.end)
            found.append(
                Quantity(text=quantity.text, start=start, end=end, value=quantity.value, unit=quantity.unit,
                         qualifier=quantity.qualifier, object=quantity.object)
            )  # fmt: skip
    return found


def _dates(body: Sequence[Line], setting: Setting) -> list[DateMention]:
    stretch = Stretch(body)
    found = []
    for mention in find_dates(stretch.text, year=setting.year, published_on=setting.published_on):
        if stretch.whole(mention.start, mention.end):
            start, end = stretch.span(mention.start, mention.end)
            found.append(DateMention(text=mention.text, start=start, end=end, value=mention.value))
    return found


def _mentions(names: Iterable[Name]) -> list[Mention]:
    return [Mention(text=name.text, start=name.start, end=name.end) for name in names]
