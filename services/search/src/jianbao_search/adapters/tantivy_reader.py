"""The index as readers see it, on tantivy: always the latest commit, and whatever folder stands there now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import tantivy

from jianbao_search.adapters import progress
from jianbao_search.adapters.folder import DamagedIndexError, guarded, open_index
from jianbao_search.adapters.queries import query
from jianbao_search.adapters.schema import CARD
from jianbao_search.adapters.tantivy_facets import Facets
from jianbao_search.adapters.tantivy_index import stored_head
from jianbao_search.domain import fields
from jianbao_search.domain.card import Card, card_from_json
from jianbao_search.domain.collapse import Matches, Row
from jianbao_search.domain.conditions import All, Condition, Term
from jianbao_search.domain.head import Head
from jianbao_search.ports import Count, Family, IndexUnavailableError

T = TypeVar("T")

Version = tuple[int, int, int]
"""Inode of the folder, inode and modification time of tantivy's meta.json, which every commit replaces."""


class TantivyReader:
    """See `jianbao_search.ports.ReadableIndex`. Safe for several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._facets = Facets()
        self._guard = threading.Lock()
        self._index: tantivy.Index | None = None
        self._version: Version | None = None
        self._latest: TantivySnapshot | None = None

    def snapshot(self) -> TantivySnapshot:
        """Return the state of the latest commit, reloading first if there was one since. Raises IndexUnavailableError."""
        with self._guard:
            try:
                return self._current()
            except (DamagedIndexError, OSError):
                self._index = self._latest = self._version = None
            try:
                # the folder may have been swapped between looking at it and opening it
                return self._current()
            except (DamagedIndexError, OSError) as error:
                rebuild = progress.told(self._folder)
                raise IndexUnavailableError(str(error), rebuild.left_s if rebuild else None) from error

    def _current(self) -> TantivySnapshot:
        folder, meta = self._folder.stat(), (self._folder / "meta.json").stat()
        version = (folder.st_ino, meta.st_ino, meta.st_mtime_ns)
        if self._latest is not None and version == self._version:
            return self._latest
        if self._index is None or self._version is None or self._version[0] != version[0]:
            self._index = open_index(self._folder)
        index = self._index
        guarded(index.reload)
        self._latest = TantivySnapshot(guarded(index.searcher), "-".join(f"{part:x}" for part in version), self._facets)
        self._version = version
        return self._latest


class TantivySnapshot:
    """See `jianbao_search.ports.Snapshot`."""

    def __init__(self, searcher: tantivy.Searcher, name: str, facets: Facets) -> None:
        self._searcher = searcher
        self._facets = facets
        self._name = name

    @property
    def name(self) -> str:
        """What tells this state from any other."""
        return self._name

    def match(self, condition: Condition) -> Matches:
        """Return every document that matches. Raises IndexUnavailableError where the index turns out damaged."""
        return _readable(lambda: self._match(query(condition)))

    def _match(self, asked: tantivy.Query) -> Matches:
        found = self._hits(asked)
        rows = [row for _, row in found]
        return Matches(
            rows=rows,
            scores=np.array([score for score, _ in found], dtype=np.float64),
            clusters=np.array(self._column(fields.CLUSTER, rows), dtype=np.uint64),
            sequences=np.array(self._column(fields.SEQUENCE, rows), dtype=np.int64),
            heads=np.array(self._column(fields.IS_HEAD, rows), dtype=np.int64),
            published=np.array(self._column(fields.PUBLISHED, rows), dtype=np.int64),
        )

    def _hits(self, asked: tantivy.Query) -> list[tuple[float, tantivy.DocAddress]]:
        counted: Any = self._searcher.search(asked, limit=1, count=True)
        hits: Any = self._searcher.search(asked, limit=max(counted.count, 1), count=False).hits
        return list(hits)

    def _column(self, field: str, rows: Sequence[Row]) -> list[int]:
        values: Any = self._searcher.fast_field_values(field, list(rows)) if rows else []
        return list(values)

    def card(self, row: Row) -> Card:
        """Return the card of a matching document."""

        def read() -> Card:
            stored: Any = self._searcher.doc(row).get_first(CARD)
            return card_from_json(stored)

        return _readable(read)

    def families(self, cluster_ids: Iterable[str], most: int) -> dict[str, Family]:
        """Return the living bulletins of each cluster; what is read of one does not grow with its size."""
        return {one: _readable(partial(self._family, one, most)) for one in cluster_ids}

    def _family(self, cluster_id: str, most: int) -> Family:
        living = All((Term(fields.CLUSTER_ID, cluster_id), Term(fields.DOCUMENT, "head")))
        found: Any = self._searcher.search(
            query(living), limit=most, count=True, order_by_field=fields.SEQUENCE, order=tantivy.Order.Asc
        )
        return Family(found.count, [stored_head(self._searcher, row) for _, row in found.hits])

    def head(self, bulletin_id: str) -> Head | None:
        """Return a bulletin's head, that of a withdrawn one too."""
        heads = self._heads(query(Term(fields.BULLETIN_ID, bulletin_id)), Term(fields.IS_HEAD, 1))
        return heads[0] if heads else None

    def _heads(self, asked: tantivy.Query, kind: Term) -> list[Head]:
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), (tantivy.Occur.Must, query(kind))])

        def read() -> list[Head]:
            found = self._hits(both)
            return [stored_head(self._searcher, row) for _, row in found]

        return _readable(read)

    def facets(self, condition: Condition, matches: Matches, most: int) -> Mapping[str, Sequence[Count]]:
        """Return, for region, office, series and year, the values with most clusters among the matches."""
        return _readable(lambda: self._facets.count(self._searcher, condition, matches, most))


def _readable(act: Callable[[], T]) -> T:
    try:
        return guarded(act)
    except DamagedIndexError as error:
        raise IndexUnavailableError(str(error)) from error
