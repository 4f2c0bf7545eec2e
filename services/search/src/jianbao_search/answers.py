"""Answering a search: parse, match, collapse, page, and show each hit as it was printed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jianbao_search.domain.card import Card
from jianbao_search.domain.collapse import Hit, Hits, collapse
from jianbao_search.domain.cursor import Cursor
from jianbao_search.domain.head import Head
from jianbao_search.domain.highlight import finder
from jianbao_search.domain.plan import condition
from jianbao_search.domain.query import understood_as, wanted
from jianbao_search.domain.request import Request
from jianbao_search.domain.snippet import Snippet, snippet, title
from jianbao_search.ports import Count, Family, ReadableIndex, Snapshot

MOST_VALUES = 30
"""Values of a facet in an answer; a reader who needs more narrows the search."""

MOST_OTHERS = 10
"""Other members of a cluster that a hit lists; a notice that every county passes on has over a thousand."""

KEPT_RESULTS = 32
KEPT_HITS = 300_000
"""What is remembered for turning pages: the last searches, and hits over all of them (about 100 bytes each)."""


@dataclass(frozen=True, slots=True)
class Result:
    """All hits of one search on one snapshot of the index."""

    snapshot: Snapshot
    hits: Hits
    facets: Mapping[str, Sequence[Count]] | None


@dataclass(frozen=True, slots=True)
class Other:
    """Another member of a hit's cluster, and how it relates to what is shown."""

    bulletin_id: str
    office: str
    relation: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """The copies of a text: how many live, the one that is shown included, and the first of the others."""

    size: int
    others: Sequence[Other]


@dataclass(frozen=True, slots=True)
class Shown:
    """One hit as it is shown."""

    card: Card
    score: float
    title: Snippet
    snippet: Snippet
    cluster: Cluster


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of hits. `total` counts clusters, `first` those before this page; `cursor` leads to the next page, None
    on the last one.
    """

    total: int
    first: int
    understood_as: str
    shown: Sequence[Shown]
    facets: Mapping[str, Sequence[Count]]
    cursor: str | None


class Answers:
    """Answers searches from an index; remembers the last results, so that pages follow one another exactly."""

    def __init__(self, index: ReadableIndex) -> None:
        self._index = index
        self._kept: OrderedDict[tuple[str, str], Result] = OrderedDict()
        self._guard = threading.Lock()

    def answer(self, asked: Request) -> Answer:
        """Return one page. Raises IndexUnavailableError."""
        current = self._index.snapshot()
        result = self._result(asked, current)
        first = result.hits.after(asked.cursor.key) if asked.cursor else 0
        page = result.hits.page(first, asked.size)
        last = first + len(page) >= len(result.hits)
        return Answer(
            total=len(result.hits),
            first=first,
            understood_as=understood_as(asked.query),
            shown=self._shown(asked, result.snapshot, current, page),
            facets=result.facets or {},
            cursor=None if last else Cursor(asked.fingerprint, result.snapshot.name, page[-1].key).written(),
        )

    def _result(self, asked: Request, current: Snapshot) -> Result:
        wanted_snapshot = asked.cursor.snapshot if asked.cursor else current.name
        for name in (wanted_snapshot, current.name):
            with self._guard:
                kept = self._kept.get((name, asked.fingerprint))
                if kept is not None and (kept.facets is not None or not asked.facets):
                    self._kept.move_to_end((name, asked.fingerprint))
                    return kept
            if kept is not None:
                return self._keep(asked, kept.snapshot)
        return self._keep(asked, current)

    def _keep(self, asked: Request, snapshot: Snapshot) -> Result:
        demanded = asked.filters.narrow(condition(asked.query))
        matches = snapshot.match(demanded)
        counted = snapshot.facets(demanded, matches, MOST_VALUES) if asked.facets else None
        result = Result(snapshot, collapse(matches, asked.sort), counted)
        with self._guard:
            self._kept[(snapshot.name, asked.fingerprint)] = result
            while len(self._kept) > KEPT_RESULTS or (
                len(self._kept) > 1 and sum(len(one.hits) for one in self._kept.values()) > KEPT_HITS
            ):
                self._kept.popitem(last=False)
        return result

    def _shown(self, asked: Request, snapshot: Snapshot, current: Snapshot, page: Sequence[Hit]) -> list[Shown]:
        if not page:
            return []
        find = finder(wanted(asked.query))
        cards = [snapshot.card(hit.row) for hit in page]
        families = current.families({card.cluster_id for card in cards}, MOST_OTHERS + 1)
        shown = []
        for hit, card in zip(page, cards, strict=True):
            if snapshot is not current and _is_withdrawn(current, card.bulletin_id):
                continue
            cluster = cluster_around(current, card.bulletin_id, families[card.cluster_id], MOST_OTHERS)
            shown.append(Shown(card, hit.score, title(card, find), snippet(card, find), cluster))
        return shown


def _is_withdrawn(current: Snapshot, bulletin_id: str) -> bool:
    """A page of an older state of the index must not show what was withdrawn meanwhile."""
    head = current.head(bulletin_id)
    return head is None or head.withdrawn


def cluster_around(current: Snapshot, leader: str, family: Family, most: int) -> Cluster:
    """Return the cluster of a bulletin that is shown, with up to `most` of its other members."""
    others = [head for head in family.heads if head.bulletin_id != leader][:most]
    leading = current.head(leader) if others else None
    noted = dict(leading.relations) if leading else {}
    return Cluster(max(family.size, 1), [_relation_to(leader, noted, head) for head in others])


def _relation_to(leader: str, noted: Mapping[str, str], other: Head) -> Other:
    """Return a member of a cluster with its relation to the one shown, which whoever came later has noted."""
    relation = dict(other.relations).get(leader) or noted.get(other.bulletin_id, "near")
    return Other(other.bulletin_id, other.office, relation)
