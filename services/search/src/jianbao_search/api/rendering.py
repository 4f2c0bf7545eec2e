"""From answers to the models of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jianbao_contracts import Issue
from jianbao_search.answers import Answer, Cluster, Shown
from jianbao_search.api.models import (
    ClusterAnswer,
    FacetAnswer,
    HitAnswer,
    OtherAnswer,
    QueryAnswer,
    RegionAnswer,
    SearchAnswer,
    SnippetAnswer,
)
from jianbao_search.domain.office_names import OfficeNames
from jianbao_search.domain.snippet import Snippet
from jianbao_search.ports import Count
from jianbao_text.places import gazetteer


def search_answer(answer: Answer, took_ms: float, offices: OfficeNames) -> SearchAnswer:
    """Return one page of hits as the API tells it."""
    return SearchAnswer(
        total=answer.total,
        took_ms=round(took_ms, 1),
        query=QueryAnswer(understood_as=answer.understood_as),
        hits=[_hit(shown, offices) for shown in answer.shown],
        facets=facet_answers(answer.facets, offices),
        cursor=answer.cursor,
    )


def _hit(shown: Shown, offices: OfficeNames) -> HitAnswer:
    card = shown.card
    return HitAnswer(
        article_id=card.article_id,
        bulletin_id=card.bulletin_id,
        revision=card.revision,
        office=card.office,
        office_name=offices.name_of(card.office),
        source=card.source,
        series=card.series,
        issue=Issue.model_validate(card.issue),
        published_on=card.published_on,
        kind=card.kind,
        title=card.title,
        title_original=_snippet(shown.title),
        regions=lowest_regions(card.regions),
        script=card.script,  # type: ignore[arg-type]
        score=round(shown.score, 4),
        snippet=_snippet(shown.snippet),
        cluster=cluster_answer(card.cluster_id, shown.cluster, offices),
    )


def _snippet(snippet: Snippet) -> SnippetAnswer:
    return SnippetAnswer(original=snippet.original, marks=list(snippet.marks), text=snippet.text)


def cluster_answer(cluster_id: str, cluster: Cluster, offices: OfficeNames) -> ClusterAnswer:
    """Return a cluster as the API tells it."""
    others = [
        OtherAnswer(
            bulletin_id=one.bulletin_id,
            office=one.office,
            office_name=offices.name_of(one.office),
            relation=one.relation,
        )
        for one in cluster.others
    ]
    return ClusterAnswer(id=cluster_id, size=cluster.size, others=others)


def lowest_regions(adcodes: Sequence[str]) -> list[RegionAnswer]:
    """Return regions by full name, without those that stand above another one of them."""
    places = gazetteer()
    above = {higher for adcode in adcodes for higher in places.ancestors(adcode) if higher != adcode}
    return [RegionAnswer(adcode=one, name=places.path_name(one)) for one in adcodes if one not in above]


def facet_answers(facets: Mapping[str, Sequence[Count]], offices: OfficeNames) -> dict[str, list[FacetAnswer]]:
    """Return facets with names that people read."""
    return {name: [_facet(name, count, offices) for count in counts] for name, counts in facets.items()}


def _facet(name: str, count: Count, offices: OfficeNames) -> FacetAnswer:
    if name == "office":
        return FacetAnswer(value=count.value, name=offices.name_of(count.value) or count.value, count=count.count)
    region = gazetteer().region(count.value) if name == "region" else None
    if region is None:
        label = f"{count.value}年" if name == "year" else count.value
        return FacetAnswer(value=count.value, name=label, count=count.count)
    return FacetAnswer(
        value=count.value,
        name=gazetteer().path_name(count.value),
        count=count.count,
        level=region.level,
        parent=region.parent,
    )
