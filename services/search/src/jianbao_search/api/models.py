"""The answers of the search API, as its OpenAPI document describes them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from jianbao_contracts import Article, BulletinFacts, ExtractedBulletin, Issue, Script

Span = tuple[int, int]


class SearchParameters(BaseModel):
    """The query language of the address. Everything is read as text, so that what is wrong is answered in words."""

    q: str = Field("", description="words, “exact phrase”, -not, OR, title:, office:; Traditional or Simplified")
    region: str = Field("", description="code or name, also an abolished one; regions below it are included")
    office: str = Field("", description="short name of an office")
    series: str = Field("", description="name of a serial")
    issue: str = Field("", description="number of an issue, of the year (16) or cumulative (总第316期)")
    year: str = Field("", description="year of publication")
    from_: str = Field("", alias="from", description="published on or after: 2022, 2022-05 or 2022-05-07")
    to: str = Field("", description="published on or before")
    kind: str = Field("", description="bulletin, newspaper or web_page")
    script: str = Field("", description="simplified, traditional or mixed")
    topic: str = Field("", description="topic of an article")
    sort: str = Field("", description="relevance (default) or date, latest first")
    size: str = Field("", description="hits a page, 1 to 100; 10 if not given")
    cursor: str = Field("", description="from the page before")
    facets: str = Field("", description="false leaves the facets out")


class QueryAnswer(BaseModel):
    """How a query was understood."""

    understood_as: str
    expansions: list[str] = []


class SnippetAnswer(BaseModel):
    """A few lines of a hit: as printed, with marks as offsets in `original`, and the same in clean Simplified."""

    original: str
    marks: list[Span]
    text: str


class OtherAnswer(BaseModel):
    """Another member of the cluster."""

    bulletin_id: str
    office: str
    relation: str


class ClusterAnswer(BaseModel):
    """The copies of one text: how many there are, and those that are not shown."""

    id: str
    size: int
    others: list[OtherAnswer]


class RegionAnswer(BaseModel):
    """A region by its code of today and its full name."""

    adcode: str
    name: str


class HitAnswer(BaseModel):
    """One hit: a cluster, shown by the matching member that came first."""

    article_id: str | None = Field(description="null where the find stands in no article")
    bulletin_id: str
    revision: int
    office: str
    source: str
    series: str | None
    issue: Issue
    published_on: str | None
    kind: str
    title: str
    title_original: SnippetAnswer = Field(description="the title as printed, with marks")
    regions: list[RegionAnswer] = Field(description="regions named, without those above them")
    script: Script
    score: float
    snippet: SnippetAnswer
    cluster: ClusterAnswer


class FacetAnswer(BaseModel):
    """A value of a facet and how many hits it would leave."""

    value: str
    name: str
    count: int
    level: str | None = Field(default=None, description="of a region: province, prefecture or county")
    parent: str | None = Field(default=None, description="of a region: the code of the region above it")


class SearchAnswer(BaseModel):
    """One page of hits. `total` counts clusters."""

    total: int
    took_ms: float
    query: QueryAnswer
    hits: list[HitAnswer]
    facets: dict[str, list[FacetAnswer]]
    cursor: str | None = Field(description="for the next page; null on the last one")


class RevisionAnswer(BaseModel):
    """One revision in the list of a bulletin's revisions."""

    revision: int
    operation: str
    received_at: str
    url: str


class BulletinAnswer(BaseModel):
    """The living revision of a bulletin, its history and its copies."""

    bulletin: ExtractedBulletin
    revisions: list[RevisionAnswer]
    cluster: ClusterAnswer


class ArticleAnswer(BaseModel):
    """One article with the facts of its bulletin, and its body as printed."""

    bulletin_id: str
    revision: int
    office: str
    source: str
    facts: BulletinFacts
    article: Article
    original: list[str] = Field(description="the body's segments as printed, one entry a segment")


class ProblemAnswer(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    parameter: str | None = None
