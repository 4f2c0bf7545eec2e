"""How many clusters each value of a facet has, exactly.

tantivy counts documents; several of them may be one hit (articles of one bulletin, copies of one text). Where there are
such, clusters are counted from columns; its own estimate of distinct values is off by several per cent even for small
counts (measured: 403 and 390 for 400).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from jianbao_search.adapters.queries import query
from jianbao_search.adapters.schema import schema
from jianbao_search.domain import fields
from jianbao_search.domain.analysis import number_of
from jianbao_search.domain.collapse import Matches
from jianbao_search.domain.conditions import Condition
from jianbao_search.ports import Count

Numbers = NDArray[np.uint64]

FIELDS = {"region": fields.REGION, "office": fields.OFFICE, "series": fields.SERIES, "year": fields.YEAR}

CANDIDATES = 4000
"""Values looked at of each facet: more than there are regions of county level and above (GB/T 2260: about 3,200)."""

SETS_AT_ONCE = 1000
SETS_KEPT = 200_000
"""Sets of regions asked for at once (tantivy refuses answers of over 65,000 buckets), and kept in memory."""


class Facets:
    """Counts facets. Remembers which regions stand behind a `region_set`: a column holds one number a document, and a
    set never changes, so it is asked for once.
    """

    def __init__(self) -> None:
        self._sets: dict[int, tuple[str, ...]] = {}

    def count(
        self, searcher: tantivy.Searcher, condition: Condition, matches: Matches, most: int
    ) -> dict[str, list[Count]]:
        """Return the values with most clusters, for each facet."""
        if not matches.rows:
            return {name: [] for name in FIELDS}
        if len(np.unique(matches.clusters)) == len(matches.rows):
            counts = _documents(searcher, condition)
        else:
            counts = self._clusters(searcher, condition, matches)
        ordered = {name: sorted(values, key=lambda one: (-one.count, one.value)) for name, values in counts.items()}
        return {name: values[:most] for name, values in ordered.items()}

    def _clusters(self, searcher: tantivy.Searcher, condition: Condition, matches: Matches) -> dict[str, list[Count]]:
        names = _documents(searcher, condition)
        offices = _sizes(_pairs(searcher, fields.OFFICE_NUMBER, matches))
        series = _sizes(_pairs(searcher, fields.SERIES_NUMBER, matches))
        years = _sizes(_pairs(searcher, fields.YEAR, matches))
        return {
            "region": self._regions(searcher, matches),
            "office": [Count(one.value, offices.get(number_of(one.value), 0)) for one in names["office"]],
            "series": [Count(one.value, series.get(number_of(one.value), 0)) for one in names["series"]],
            "year": [Count(one.value, years.get(int(one.value), 0)) for one in names["year"]],
        }

    def _regions(self, searcher: tantivy.Searcher, matches: Matches) -> list[Count]:
        numbers, clusters = _pairs(searcher, fields.REGION_SET, matches)
        found, begins = np.unique(numbers, return_index=True)
        sets = self._regions_of(searcher, found.tolist())
        within: dict[str, list[Numbers]] = {}
        for number, members in zip(found.tolist(), np.split(clusters, begins[1:]), strict=True):
            for region in sets.get(number, ()):
                within.setdefault(region, []).append(members)
        return [Count(region, len(np.unique(np.concatenate(several)))) for region, several in within.items()]

    def _regions_of(self, searcher: tantivy.Searcher, wanted: Iterable[int]) -> dict[int, tuple[str, ...]]:
        if len(self._sets) > SETS_KEPT:
            self._sets = {}
        known = self._sets
        unknown = [number for number in wanted if number not in known]
        for first in range(0, len(unknown), SETS_AT_ONCE):
            some = unknown[first : first + SETS_AT_ONCE]
            asked = tantivy.Query.term_set_query(schema(), fields.REGION_SET, some)
            within = {"regions": {"terms": {"field": fields.REGION, "size": CANDIDATES}}}
            by_set = {"sets": {"terms": {"field": fields.REGION_SET, "size": SETS_AT_ONCE}, "aggs": within}}
            found = dict.fromkeys(some, ())
            for bucket in searcher.aggregate(asked, by_set)["sets"]["buckets"]:
                found[int(bucket["key"])] = tuple(region["key"] for region in bucket["regions"]["buckets"])
            known.update(found)
        return known


def _documents(searcher: tantivy.Searcher, condition: Condition) -> dict[str, list[Count]]:
    wanted = {name: {"terms": {"field": field, "size": CANDIDATES}} for name, field in FIELDS.items()}
    answer = searcher.aggregate(query(condition), wanted)
    return {
        name: [Count(_text(bucket["key"]), bucket["doc_count"]) for bucket in answer[name]["buckets"]]
        for name in FIELDS
    }


def _text(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))


def _pairs(searcher: tantivy.Searcher, field: str, matches: Matches) -> tuple[Numbers, Numbers]:
    """Return the different pairs of value and cluster, by value; documents without a value are left out."""
    column: Any = searcher.fast_field_values(field, list(matches.rows))
    has = np.array([value is not None for value in column], dtype=bool)
    values = np.array([value or 0 for value in column], dtype=np.uint64)[has]
    clusters = matches.clusters[has]
    order = np.lexsort((clusters, values))
    values, clusters = values[order], clusters[order]
    if not len(order):
        return values, clusters
    new = np.concatenate(([True], (values[1:] != values[:-1]) | (clusters[1:] != clusters[:-1])))
    return values[new], clusters[new]


def _sizes(pairs: tuple[Numbers, Numbers]) -> dict[int, int]:
    values, counts = np.unique(pairs[0], return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))
