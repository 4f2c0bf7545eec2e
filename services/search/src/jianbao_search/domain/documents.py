"""From an extracted bulletin to the documents of the index: one an article, and one head.

The head is found by whatever text no article holds: all of it where no article was made out, else masthead,
distribution list, captions and advertisements. So every character of a bulletin's text can be searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jianbao_contracts import Article, ExtractedBulletin
from jianbao_search.domain import fields
from jianbao_search.domain.card import Card
from jianbao_search.domain.columns import numbers, terms, texts, with_ancestors
from jianbao_search.domain.declared import home, published_on
from jianbao_search.domain.head import Head
from jianbao_search.domain.passages import Passage, passages, rest

Span = tuple[int, int]

LONGEST_LABEL = 60
"""Characters of a bulletin's first line that serve as its title where it has none."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document: analysed `texts` (terms joined by spaces), exact `terms`, `numbers`, and what is `stored` as it is."""

    texts: Mapping[str, str]
    terms: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    head: bytes | None
    card: bytes | None


def documents_of(event: ExtractedBulletin, head: Head) -> list[Document]:
    """Return the documents of one revision; those of a retraction are a mark alone, which nothing finds."""
    if head.withdrawn:
        exact = terms(event, head, "mark", (), found=False)
        return [Document({}, exact, numbers(event, head, (), is_head=True), head.to_json(), None)]
    articles = [_article(event, head, article) for article in event.articles]
    return [*articles, _head(event, head)]


def _article(event: ExtractedBulletin, head: Head, article: Article) -> Document:
    regions = with_ancestors([article.primary_adcode, *(one.adcode for one in article.regions)])
    regions = regions or with_ancestors([home(event)])
    title_spans = _title_spans(article)
    facts = event.bulletin
    titles = [text for text in (article.kicker, article.title, article.subtitle) if text]
    masthead = [facts.series, *facts.issuers, article.section, article.attribution, *article.authors]
    card = _card(
        event,
        article_id=article.article_id,
        title=article.title,
        title_passages=_passages(event, title_spans),
        regions=regions,
        shown=_passages(event, [*title_spans, *article.segments]),
        lead=article.segments[0][0] if article.segments else 0,
    )
    own = {fields.ARTICLE_ID: (article.article_id,), fields.TOPIC: tuple({topic.name for topic in article.topics})}
    return Document(
        texts(titles, [article.body, *article.captions], masthead),
        {**terms(event, head, "article", regions, found=True), **own},
        numbers(event, head, regions, is_head=False),
        None,
        card.to_json(),
    )


def _head(event: ExtractedBulletin, head: Head) -> Document:
    taken = [span for article in event.articles for span in (*article.segments, *_title_spans(article))]
    left = rest(taken, len(event.text))
    regions = with_ancestors([home(event), *(one.adcode for article in event.articles for one in article.regions)])
    card = _card(
        event,
        article_id=None,
        title=label(event),
        title_passages=[],
        regions=regions,
        shown=_passages(event, left),
        lead=0,
    )
    titles = [] if event.articles else [label(event)]
    return Document(
        texts(titles, [event.text[start:end] for start, end in left], [event.bulletin.series, *event.bulletin.issuers]),
        terms(event, head, "head", regions, found=not event.articles),
        numbers(event, head, regions, is_head=True),
        head.to_json(),
        card.to_json(),
    )


def label(event: ExtractedBulletin) -> str:
    """Return what a bulletin as a whole is called: series and issue, else as its office calls it, else its first line."""
    facts = event.bulletin
    if facts.series:
        number = facts.issue.number or facts.issue.cumulative
        year = f"{facts.issue.year}年" if facts.issue.year else ""
        return f"{facts.series} {year}第{number}期" if number else facts.series
    if event.declared.title:
        return event.declared.title
    lines = (line.strip() for line in event.text.split("\n"))
    return next((line for line in lines if line), event.source)[:LONGEST_LABEL]


def _title_spans(article: Article) -> list[Span]:
    return [span for name in ("kicker", "title", "subtitle") if (at := article.evidence.get(name)) for span in at.spans]


def _passages(event: ExtractedBulletin, spans: Iterable[Span]) -> list[Passage]:
    return passages(event.text, event.original, sorted(event.alignment), spans)


def _card(
    event: ExtractedBulletin,
    *,
    article_id: str | None,
    title: str,
    title_passages: list[Passage],
    regions: tuple[str, ...],
    shown: list[Passage],
    lead: int,
) -> Card:
    facts = event.bulletin
    return Card(
        bulletin_id=event.bulletin_id,
        article_id=article_id,
        revision=event.revision,
        office=event.office,
        source=event.source,
        series=facts.series,
        issue=facts.issue.model_dump(),
        published_on=published_on(event),
        kind=facts.kind,
        script=event.script,
        title=title,
        title_passages=tuple(title_passages),
        regions=regions,
        cluster_id=event.cluster_id,
        passages=tuple(shown),
        lead=lead,
    )
