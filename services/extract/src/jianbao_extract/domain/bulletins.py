"""The facts of a bulletin as a whole: masthead, foot, and what labelled lines in between tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeVar

from jianbao_contracts import BulletinFacts, Evidence, Issue
from jianbao_extract.domain.contents import Contents
from jianbao_extract.domain.drafts import Page
from jianbao_extract.domain.facts import Found, distinct, first
from jianbao_extract.domain.foot import Foot, copies_in, editors_in, emails_in, phones_in, serial_in
from jianbao_extract.domain.forms import Form
from jianbao_extract.domain.kinds import Kind
from jianbao_extract.domain.lines import Line, Span
from jianbao_extract.domain.masthead import Masthead, dated, issuers_of_imprint, offices_in
from jianbao_extract.domain.offices import is_office
from jianbao_extract.domain.organizations import region_in

T = TypeVar("T")

_META = re.compile(
    r"(发布时间|发表时间|发布日期|发表日期|更新时间|更新日期|成文日期|发文日期|公开日期|生成日期|录入时间|(?<![㐀-鿿])(?:当前|日期|时间)|(?:信息|文章|稿件|新闻)?来源|发布机构|发文机构|发布单位|作者)\s*[：:]\s*"
)
_CONTACT = re.compile(r"(?:电话|邮箱|热线|传真|邮件)\s*[：:]")
_META_END = re.compile(r"\s{1,}(?=\S{2,6}\s*[：:])|[\]】|]|\s+(?=浏览|点击|字[体号]|打印|【)")


@dataclass(slots=True)
class Facts:
    """Everything found of the bulletin, with its places."""

    masthead: Masthead
    foot: Foot
    page: Page
    contents: Contents
    kind: Kind
    kind_line: Line | None
    lines: Sequence[Line]
    issuers: list[Found[str]] = field(default_factory=list)
    published_on: Found[date] | None = None
    adcode: Found[str] | None = None


def read_facts(
    masthead: Masthead,
    foot: Foot,
    page: Page,
    contents: Contents,
    kind: tuple[Kind, Line | None],
    lines: Sequence[Line],
) -> Facts:
    """Decide issuers, date of publication and region from all places that may tell them, the printed head first."""
    facts = Facts(masthead, foot, page, contents, *kind, lines)
    meta = [*masthead.web_meta, *page.apparatus, *(line for line, _ in foot.others)]
    published, sources = _labelled(meta)
    signatures = [line for draft in page.drafts for line in draft.signature]
    signed = [office for line in signatures for office in offices_in(line, "signature.issuer")]
    imprints = [office for line in meta for office in issuers_of_imprint(line, "imprint.issuer")]
    facts.issuers = _one_per_name([*masthead.issuers, *sources, *imprints, *signed])
    facts.published_on = first(
        masthead.published_on,
        first(*published),
        first(*(dated(line, "signature.date") for line in signatures)),
        first(*(dated(line, "foot.imprint_date") for line, form in foot.others if form is Form.IMPRINT)),
        first(*(dated(line, "headline.date") for draft in page.drafts[:1] for line in draft.remarks)),
    )
    facts.adcode = _adcode(facts)
    return facts


def _one_per_name(found: Sequence[Found[str]]) -> list[Found[str]]:
    return distinct(sorted(found, key=lambda office: office.spans[0]))


def _labelled(lines: Iterable[Line]) -> tuple[list[Found[date]], list[Found[str]]]:
    """Read 发布时间：… 来源：…; a source counts as issuer if it is an office, not a medium."""
    published: list[Found[date]] = []
    sources: list[Found[str]] = []
    for line in lines:
        labels = list(_META.finditer(line.text))
        for label, following in zip(labels, [*labels[1:], None], strict=False):
            end = following.start() if following else len(line.text)
            cut = _META_END.search(line.text, label.end(), end)
            value = line.part(label.end(), cut.start() if cut and cut.start() > label.end() else end)
            if label[1].endswith(("时间", "日期", "当前")):
                day = dated(value, "web_page.published")
                published += [day] if day else []
            elif label[1] != "作者" and is_office(value.text):
                sources.append(Found(value.text, (value.span,), "web_page.source"))
    return published, sources


def _adcode(facts: Facts) -> Found[str] | None:
    for office in facts.issuers:
        if code := region_in(office.value):
            return Found(code, office.spans, "issuer.region")
    named = facts.masthead.series or ([facts.masthead.newspaper] if facts.masthead.newspaper else [])
    for line in [*named, *([facts.masthead.document_number] if facts.masthead.document_number else [])]:
        if code := region_in(line.text):
            return Found(code, (line.span,), "series.region")
    return None


def bulletin_facts(facts: Facts, script: Literal["simplified", "traditional"], copies_of_body: int) -> BulletinFacts:
    """Return the contract's form of the facts."""
    collected = _Evidence()
    head, foot = facts.masthead, facts.foot
    apparatus = [
        *head.web_meta,
        *head.furniture,
        *facts.page.apparatus,
        *(line for line, _ in foot.others),
        *foot.block,
    ]
    contacts = sorted(
        {*apparatus, *(line for line in facts.lines if _CONTACT.search(line.text))}, key=lambda line: line.start
    )
    copies = first(*(copies_in(line) for line in apparatus))
    serial = first(*(serial_in(line) for line in apparatus if copies_in(line) or line.text[0] in "（("))
    named = head.series or ([head.newspaper] if head.newspaper else [])
    collected.lines("series", named, "masthead.series")
    collected.lines("kind", [facts.kind_line] if facts.kind_line else [], f"kind.{facts.kind}")
    collected.lines("contents", [facts.lines[i] for _, group in facts.contents.entries for i in group], "contents.list")
    collected.places(facts)
    return BulletinFacts(
        series=re.sub(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])", "", "".join(line.text for line in named)) or None,
        kind=facts.kind,
        issue=Issue(
            year=collected.one("issue.year", head.year),
            number=collected.one("issue.number", head.number),
            cumulative=collected.one("issue.cumulative", head.cumulative),
        ),
        published_on=_iso(collected.one("published_on", facts.published_on)),
        issuers=collected.many("issuers", facts.issuers),
        adcode=collected.one("adcode", facts.adcode),
        script=script,
        contents=[entry for entry, _ in facts.contents.entries],
        report_to=collected.many("report_to", foot.report_to),
        send_to=collected.many("send_to", foot.send_to),
        serial=collected.one("serial", serial),
        copies=collected.one("copies", copies),
        editors=collected.many("editors", distinct([e for line in apparatus for e in editors_in(line)])),
        emails=collected.many("emails", distinct([e for line in contacts for e in emails_in(line)])),
        phones=collected.many("phones", distinct([p for line in contacts for p in phones_in(line)])),
        copies_of_body=copies_of_body,
        evidence=collected.found,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


class _Evidence:
    """Collects evidence while values are handed on."""

    def __init__(self) -> None:
        self.found: dict[str, Evidence] = {}

    def one(self, name: str, found: Found[T] | None) -> T | None:
        if found is None:
            return None
        self.found[name] = Evidence(spans=list(found.spans), rule=found.rule)
        return found.value

    def many(self, name: str, found: Sequence[Found[str]]) -> list[str]:
        if found:
            self.found[name] = Evidence(spans=[span for item in found for span in item.spans], rule=found[0].rule)
        return [item.value for item in found]

    def lines(self, name: str, lines: Sequence[Line], rule: str) -> None:
        spans: list[Span] = [line.span for line in lines]
        if spans:
            self.found[name] = Evidence(spans=spans, rule=rule)

    def places(self, facts: Facts) -> None:
        """Say of every line outside the articles what it was taken for, so that nothing of a page is lost silently."""
        page, head = facts.page, facts.masthead
        self.lines("masthead", facts.lines[: head.end], "masthead.lines")
        self.lines(
            "document_number", [head.document_number] if head.document_number else [], "masthead.document_number"
        )
        self.lines("contents_list", [facts.lines[i] for i in sorted(facts.contents.lines)], "contents.lines")
        self.lines("columns", page.columns, "column")
        self.lines("editors_note", page.notes, "editors_note")
        self.lines("advertisements", [line for block in page.advertisements for line in block], "page.advertisement")
        self.lines("captions", page.captions, "photo.caption")
        self.lines("credits", page.credits, "photo.credit")
        self.lines("apparatus", page.apparatus, "page.apparatus")
        self.lines("distribution", facts.foot.block, "foot.distribution")
        self.lines("foot", [line for line, _ in facts.foot.others], "foot.lines")
