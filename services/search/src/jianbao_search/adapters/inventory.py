"""What the embedded index holds of each bulletin: its head's version, and how many of its articles are really there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from jianbao_search.adapters.folder import DamagedIndexError, guarded, open_index
from jianbao_search.adapters.queries import query
from jianbao_search.adapters.schema import CARD
from jianbao_search.adapters.tantivy_index import stored_head
from jianbao_search.domain import fields
from jianbao_search.domain.card import card_from_json
from jianbao_search.domain.conditions import All, Condition, Term
from jianbao_search.ports import IndexUnavailableError

HEADS = Term(fields.IS_HEAD, 1)
ARTICLES = Term(fields.DOCUMENT, "article")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A bulletin in the index. `version` None: articles that no head speaks of."""

    bulletin_id: str
    version: int | None
    withdrawn: bool
    articles: int
    found: int


def inventory(folder: Path) -> Iterator[Shelf]:
    """Yield what the latest commit holds, bulletin by bulletin. Raises IndexUnavailableError.

    Articles are only looked at one by one where the counts of all heads do not make up for all articles.
    """
    try:
        searcher = guarded(lambda: open_index(folder).searcher())
        heads = guarded(lambda: _hits(searcher, HEADS))
        known: set[str] = set()
        counted = 0
        for row in heads:
            shelf = guarded(lambda row=row: _shelf(searcher, row))  # type: ignore[misc]
            known.add(shelf.bulletin_id)
            counted += shelf.found
            yield shelf
        if counted != guarded(lambda: _count(searcher, ARTICLES)):
            for bulletin, found in guarded(lambda: _headless(searcher, known)).items():
                yield Shelf(bulletin, None, False, 0, found)
    except DamagedIndexError as error:
        raise IndexUnavailableError(str(error)) from error


def _shelf(searcher: tantivy.Searcher, row: tantivy.DocAddress) -> Shelf:
    head = stored_head(searcher, row)
    found = _count(searcher, All((Term(fields.BULLETIN_ID, head.bulletin_id), ARTICLES)))
    return Shelf(head.bulletin_id, head.version, head.withdrawn, head.articles, found)


def _headless(searcher: tantivy.Searcher, known: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in _hits(searcher, ARTICLES):
        stored: Any = searcher.doc(row).get_first(CARD)
        bulletin = card_from_json(stored).bulletin_id
        if bulletin not in known:
            found[bulletin] = found.get(bulletin, 0) + 1
    return found


def _count(searcher: tantivy.Searcher, condition: Condition) -> int:
    found: Any = searcher.search(query(condition), limit=1, count=True)
    return int(found.count)


def _hits(searcher: tantivy.Searcher, condition: Condition) -> list[tantivy.DocAddress]:
    found: Any = searcher.search(query(condition), limit=max(_count(searcher, condition), 1), count=False).hits
    return [row for _, row in found]
