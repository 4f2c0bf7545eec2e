"""The tantivy schema: which field is analysed, exact, a column or only stored."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from functools import cache

import tantivy

from jianbao_search.domain import fields
from jianbao_search.domain.card import Card
from jianbao_search.domain.head import Head
from jianbao_search.domain.passages import Passage
from jianbao_text.ik import words_version

MAPPING = "3"
"""Raise it when the same fields are filled otherwise: another analysis, another value. What can be seen is added to it
by `mapping`: fields, what is stored of a hit, and the dictionary."""

HEAD = "head"
CARD = "card"
"""Stored fields: the head of a bulletin, and what is shown of a hit, as JSON."""

SPACES = "spaces"
"""Analyser of texts that were cut into terms before: it cuts at spaces and changes nothing."""

SIGNED = frozenset({fields.SEQUENCE, fields.YEAR, fields.ISSUE, fields.CUMULATIVE, fields.PUBLISHED})


STORED = (Head, Card, Passage)
"""What is stored as JSON under the names of its fields: an index written with other names cannot be read."""

Options = dict[str, object]
Definition = list[tuple[str, str, Options]]
"""Kind of field (as the schema builder calls it), name, options."""


def definition() -> Definition:
    """Return the fields of the index."""
    words: Options = {"tokenizer_name": SPACES, "index_option": "freq"}
    characters: Options = {"tokenizer_name": SPACES, "index_option": "position"}
    exact: Options = {"tokenizer_name": "raw", "index_option": "basic", "fast": True}
    number: Options = {"indexed": True, "fast": True}
    return [
        *(("text", name, words) for name in fields.ANALYSED),
        *(("text", name, characters) for name in fields.CHARACTERS),
        *(("text", name, exact) for name in fields.EXACT),
        *(("integer" if name in SIGNED else "unsigned", name, number) for name in fields.NUMBERS),
        ("bytes", HEAD, {"stored": True}),
        ("bytes", CARD, {"stored": True}),
    ]


@cache
def schema() -> tantivy.Schema:
    """Return the schema."""
    builder = tantivy.SchemaBuilder()
    for kind, name, options in definition():
        getattr(builder, f"add_{kind}_field")(name, **options)
    return builder.build()


def mapping() -> str:
    """Return the version of fields, stored values, analysis and dictionary that this code indexes with.

    An index of another one is rebuilt.
    """
    stored = [[one.__name__, [(field.name, str(field.type)) for field in dataclasses.fields(one)]] for one in STORED]
    shape = hashlib.sha256(json.dumps([definition(), stored], sort_keys=True).encode()).hexdigest()[:12]
    return f"{MAPPING}.{shape}.{words_version()}"


def register(index: tantivy.Index) -> tantivy.Index:
    """Make the analyser known to an opened index."""
    index.register_tokenizer(SPACES, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index
