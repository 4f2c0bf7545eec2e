"""The tantivy schema: which field is analysed, exact, a column or only stored."""

from __future__ import annotations

from functools import cache

import tantivy

from jianbao_search.domain import fields

MAPPING = "3"
"""Version of fields and analysis. Raise it with any change of either: an index of another version is rebuilt."""

HEAD = "head"
CARD = "card"
"""Stored fields: the head of a bulletin, and what is shown of a hit, as JSON."""

SPACES = "spaces"
"""Analyser of texts that were cut into terms before: it cuts at spaces and changes nothing."""

SIGNED = frozenset({fields.SEQUENCE, fields.YEAR, fields.ISSUE, fields.CUMULATIVE, fields.PUBLISHED})


@cache
def schema() -> tantivy.Schema:
    """Return the schema."""
    builder = tantivy.SchemaBuilder()
    for name in fields.ANALYSED:
        builder.add_text_field(name, tokenizer_name=SPACES, index_option="freq")
    for name in fields.CHARACTERS:
        builder.add_text_field(name, tokenizer_name=SPACES, index_option="position")
    for name in fields.EXACT:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in fields.NUMBERS:
        add = builder.add_integer_field if name in SIGNED else builder.add_unsigned_field
        add(name, indexed=True, fast=True)
    builder.add_bytes_field(HEAD, stored=True)
    builder.add_bytes_field(CARD, stored=True)
    return builder.build()


def register(index: tantivy.Index) -> tantivy.Index:
    """Make the analyser known to an opened index."""
    index.register_tokenizer(SPACES, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index
