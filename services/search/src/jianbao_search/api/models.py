"""The answers of the search API, as its OpenAPI document describes them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from jianbao_contracts import Article, BulletinFacts, ExtractedBulletin, Issue, Script

Span = tuple[int, int]


class SearchParameters(BaseModel):
    """The query language of the address. Everything is read as text, so that what is wrong is answered in words."""

    q: str = Field("", description="检索词；“整句”、-不含、OR、title:、office:；简体繁体均可")
    region: str = Field("", description="行政区划代码或名称，已撤销的也可；含下级地区")
    office: str = Field("", description="报送单位的名称或简称")
    series: str = Field("", description="刊名")
    issue: str = Field("", description="期号：当年期号（16）或总期号（总第316期）")
    year: str = Field("", description="出版年份")
    from_: str = Field("", alias="from", description="起始日期：2022、2022-05 或 2022-05-07")
    to: str = Field("", description="截止日期，写法同上")
    kind: str = Field("", description="类型：bulletin（简报）、newspaper（报纸）或 web_page（网页）")
    script: str = Field("", description="字体：simplified（简体）、traditional（繁体）或 mixed（混排）")
    topic: str = Field("", description="文章主题")
    sort: str = Field("", description="排序：relevance（相关度，默认）或 date（从新到旧）")
    size: str = Field("", description="每页条数，1 到 100，默认 10")
    cursor: str = Field("", description="上一页答复中的 cursor")
    facets: str = Field("", description="false 则不作各项统计")


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
    office_name: str | None = None
    relation: str


class ClusterAnswer(BaseModel):
    """The copies of one text. `others` are the first of those that are not shown; `size` counts all of them."""

    id: str
    size: int = Field(description="how many there are, the one that is shown included")
    others: list[OtherAnswer] = Field(description="up to 10 with a hit, up to 100 with a bulletin")


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
    office_name: str | None = Field(default=None, description="as people call the office; null where not known")
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
    withdrawn: bool = Field(default=False, description="its text was taken back and is not given any more")


class BulletinAnswer(BaseModel):
    """The living revision of a bulletin, its history and its copies."""

    bulletin: ExtractedBulletin
    office_name: str | None = None
    revisions: list[RevisionAnswer]
    cluster: ClusterAnswer


class ArticleAnswer(BaseModel):
    """One article with the facts of its bulletin, and its body as printed."""

    bulletin_id: str
    revision: int
    office: str
    office_name: str | None = None
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
    action: str
    parameter: str | None = None
