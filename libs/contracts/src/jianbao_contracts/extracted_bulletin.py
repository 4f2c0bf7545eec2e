"""The event of `bulletins.extracted`: a bulletin's articles, with who, where, when and how much.

All spans are relative to `text`. What each field means and where its limits are: the annotation guide of the gold set.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jianbao_contracts.base import (
    Adcode,
    BulletinId,
    Event,
    Moment,
    OfficeId,
    Operation,
    ProducedBy,
    PushId,
    Script,
    Span,
)
from jianbao_contracts.normalized_bulletin import AlignmentRun, Damage, Relation, Removed
from jianbao_contracts.raw_push import Declared


class Evidence(Event):
    """Where a value stands in the text and which rule found it."""

    spans: list[Span]
    rule: str


class Issue(Event):
    """The issue label: 第N期 (number), 总第N期 (cumulative), and the year only where the label carries it."""

    year: int | None = None
    number: int | None = None
    cumulative: int | None = None


class Mention(Event):
    """A name as it stands in the text."""

    text: str
    start: int
    end: int


class RegionMention(Mention):
    """A place that resolves to one region of county level or above."""

    adcode: Adcode
    name: str = Field(description="full official name, e.g. 张家港市 for 张家港")


class Quantity(Mention):
    """A counted or measured amount, e.g. 1730多名: 1730, 名, over, counting 文明骨干劝导员."""

    value: float | int | tuple[float | int, float | int]
    unit: str
    qualifier: Literal["about", "over", "at_least", "under"] | None = None
    object: str | None = None


class DateMention(Mention):
    """A calendar expression; value is ISO 8601 (2016, 2020-02, 2022-04-06, 2014/2016, --04-06 without a year)."""

    value: str


class Topic(Event):
    """A topic of the taxonomy with the words that speak for it."""

    name: str
    start: int
    end: int


class Reprint(Event):
    """The earlier article that this one repeats."""

    article_id: str
    bulletin_id: BulletinId
    similarity: float = Field(ge=0, le=1)


class BulletinFacts(Event):
    """What masthead, contents list and foot tell of the bulletin as a whole."""

    series: str | None = None
    kind: Literal["bulletin", "newspaper", "web_page"] = "bulletin"
    issue: Issue = Issue()
    published_on: str | None = Field(default=None, description="ISO date")
    issuers: list[str] = []
    adcode: Adcode | None = None
    script: Literal["simplified", "traditional"] = "simplified"
    contents: list[str] = []
    report_to: list[str] = []
    send_to: list[str] = []
    serial: str | None = None
    copies: int | None = None
    editors: list[str] = []
    emails: list[str] = []
    phones: list[str] = []
    copies_of_body: int = 1
    evidence: dict[str, Evidence] = {}


class Article(Event):
    """One article. `body` is the text of `segments` in order, one paragraph a line."""

    article_id: str
    position: int = Field(ge=1)
    title: str
    kicker: str | None = None
    subtitle: str | None = None
    section: str | None = None
    authors: list[str] = []
    attribution: str | None = None
    body: str
    segments: list[Span]
    primary_adcode: Adcode | None = None
    regions: list[RegionMention] = []
    unresolved_regions: list[str] = []
    outline: list[str] = []
    outline_2: list[str] = []
    persons: list[Mention] = []
    organizations: list[Mention] = []
    works: list[Mention] = []
    quoted_names: list[Mention] = []
    document_numbers: list[Mention] = []
    quantities: list[Quantity] = []
    dates: list[DateMention] = []
    captions: list[str] = []
    topics: list[Topic] = []
    key_sentences: list[Span] = []
    reprint_of: Reprint | None = None
    evidence: dict[str, Evidence] = {}


class ExtractedBulletin(Event):
    """Everything a reader of this topic alone needs of one revision; for a retraction the lists are empty."""

    bulletin_id: BulletinId
    revision: int = Field(ge=1)
    push_id: PushId
    operation: Operation
    office: OfficeId
    source: str
    declared: Declared = Declared()
    text: str
    original: str
    alignment: list[AlignmentRun]
    removed: list[Removed] = []
    damage: list[Damage] = []
    script: Script
    relations: list[Relation] = []
    cluster_id: BulletinId
    duplicate_of: BulletinId | None = None
    sequence: int | None = None
    received_at: Moment
    bulletin: BulletinFacts
    articles: list[Article]
    captions: list[str] = []
    advertisements: list[str] = []
    generation: int = Field(default=1, ge=1)
    produced_by: ProducedBy
    extracted_at: Moment
