"""A search as it was asked for, read from the parameters of an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jianbao_search.domain.collapse import Sort
from jianbao_search.domain.cursor import Cursor, fingerprint, read_cursor
from jianbao_search.domain.filters import Filters, InvalidQueryError, filters
from jianbao_search.domain.office_names import UNNAMED, OfficeNames
from jianbao_search.domain.query import Query, parse, understood_as, with_offices

LONGEST_QUERY = 1000
"""Characters. A pasted paragraph is well below; each word costs a look-up in five fields."""

LARGEST_PAGE = 100
DEFAULT_PAGE = 10


@dataclass(frozen=True, slots=True)
class Request:
    """Query, filters, order and place. `fingerprint` tells this search from any other."""

    query: Query
    filters: Filters
    sort: Sort
    size: int
    cursor: Cursor | None
    fingerprint: str
    facets: bool


def request(parameters: Mapping[str, str], offices: OfficeNames = UNNAMED) -> Request:
    """Return a search from the parameters of an address. Raises InvalidQueryError."""
    typed = parameters.get("q", "")
    if len(typed) > LONGEST_QUERY:
        raise InvalidQueryError("q", f"检索词过长（{len(typed)} 字），请缩短到 {LONGEST_QUERY} 字以内。")
    query = with_offices(parse(typed), offices.meant_by)
    narrowed = filters(parameters, offices)
    sort = _sort(parameters.get("sort", ""))
    of = fingerprint(understood_as(query) if query.nodes else str(query.blank), narrowed.given, sort)
    cursor = parameters.get("cursor", "")
    return Request(
        query,
        narrowed,
        sort,
        _size(parameters.get("size", "")),
        read_cursor(cursor, of) if cursor else None,
        of,
        parameters.get("facets", "true").strip().lower() not in ("false", "0", "no"),
    )


def _sort(written: str) -> Sort:
    sorts: dict[str, Sort] = {"": "relevance", "relevance": "relevance", "date": "date"}
    if written.strip() not in sorts:
        raise InvalidQueryError("sort", f"不支持按“{written}”排序，请用 relevance（相关度）或 date（日期）。")
    return sorts[written.strip()]


def _size(written: str) -> int:
    plain = written.strip() or str(DEFAULT_PAGE)
    if not (plain.isascii() and plain.isdigit()) or not 1 <= int(plain[:9]) <= LARGEST_PAGE:
        raise InvalidQueryError("size", f"每页条数应为 1 到 {LARGEST_PAGE} 之间的整数。")
    return int(plain)
