"""Conditions as tantivy queries."""

from __future__ import annotations

import re

import tantivy
from tantivy import Occur, Query

from jianbao_search.adapters.schema import SIGNED, schema
from jianbao_search.domain.conditions import (
    All,
    Between,
    Condition,
    Either,
    Preferring,
    Sequence,
    Term,
    Unscored,
    Without,
)


def query(condition: Condition) -> Query:
    """Return a condition as a query."""
    match condition:
        case Term(field, value, boost):
            return _boosted(_term(field, value), boost)
        case Sequence(field, terms, boost, open_ends):
            return _boosted(_open_sequence(field, terms) if open_ends else _sequence(field, terms), boost)
        case Between(field, low, high):
            kind = tantivy.FieldType.Integer if field in SIGNED else tantivy.FieldType.Unsigned
            return Query.range_query(schema(), field, kind, low, high)
        case All(parts):
            return _boolean(Occur.Must, parts)
        case Either(parts):
            return _boolean(Occur.Should, parts)
        case Preferring(required, better):
            return Query.boolean_query(
                [(Occur.Must, query(required)), *((Occur.Should, query(part)) for part in better)]
            )
        case Without(kept, excluded):
            return Query.boolean_query([(Occur.Must, query(kept)), (Occur.MustNot, query(excluded))])
        case Unscored(part):
            return Query.const_score_query(query(part), 0.0)


def _term(field: str, value: str | int) -> Query:
    return Query.term_query(schema(), field, value, index_option="freq")


def _sequence(field: str, terms: tuple[str, ...]) -> Query:
    # tantivy knows no phrase of one word
    return _term(field, terms[0]) if len(terms) == 1 else Query.phrase_query(schema(), field, list(terms))


def _open_sequence(field: str, terms: tuple[str, ...]) -> Query:
    first, *inner, last = (re.escape(term) for term in terms)
    return Query.regex_phrase_query(schema(), field, [f".*{first}", *inner, f"{last}.*"])


def _boolean(occur: Occur, parts: tuple[Condition, ...]) -> Query:
    return Query.boolean_query([(occur, query(part)) for part in parts]) if parts else Query.empty_query()


def _boosted(plain: Query, boost: float) -> Query:
    return plain if boost == 1.0 else Query.boost_query(plain, boost)
