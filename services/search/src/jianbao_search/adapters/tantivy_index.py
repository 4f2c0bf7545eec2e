"""The index's one writer, on tantivy."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from jianbao_search.adapters.folder import DamagedIndexError, guarded, open_index
from jianbao_search.adapters.queries import query
from jianbao_search.adapters.schema import CARD, HEAD, SIGNED, register, schema
from jianbao_search.domain import fields
from jianbao_search.domain.conditions import Term
from jianbao_search.domain.documents import Document
from jianbao_search.domain.head import Head, head_from_json
from jianbao_streaming.outcomes import TransientError

log = logging.getLogger(__name__)

HEAP_BYTES = 64 * 1024 * 1024
"""Memory of the writer before it writes a segment; one thread, because cutting text into words is what takes time."""


class TantivyIndex:
    """See `jianbao_search.ports.Index`. After a TransientError it must be closed and opened again."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._writer: tantivy.IndexWriter | None = guarded(lambda: index.writer(HEAP_BYTES, 1))

    def heads(self, bulletin_ids: Iterable[str]) -> dict[str, Head]:
        """Return the committed heads of those bulletins that have one."""
        wanted = list(bulletin_ids)
        if not wanted:
            return {}
        searcher = self._index.searcher()
        named = tantivy.Query.term_set_query(schema(), fields.BULLETIN_ID, wanted)
        heads = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, named), (tantivy.Occur.Must, query(Term(fields.IS_HEAD, 1)))]
        )
        found = searcher.search(heads, limit=len(wanted), count=False).hits
        read = [stored_head(searcher, row) for _, row in found]
        return {head.bulletin_id: head for head in read}

    def write(self, documents: Mapping[str, Sequence[Document]]) -> None:
        """Replace the documents of these bulletins in one durable commit. Raises TransientError."""
        prepared = {bulletin: [_document(one) for one in several] for bulletin, several in documents.items()}
        if not prepared:
            return
        try:
            guarded(lambda: self._write(prepared))
        except DamagedIndexError as error:
            raise TransientError(f"the index did not take a batch: {error}") from error

    def _write(self, prepared: Mapping[str, Sequence[tantivy.Document]]) -> None:
        writer = self._writer
        if writer is None:
            raise ValueError("the writer is closed")
        for bulletin, several in prepared.items():
            writer.delete_documents_by_term(fields.BULLETIN_ID, bulletin)
            for document in several:
                writer.add_document(document)
        writer.commit()
        self._index.reload()

    def close(self) -> None:
        """Wait for merges and let another writer in; what was not committed is gone."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        try:
            guarded(writer.wait_merging_threads)
        except DamagedIndexError as error:
            log.warning("the writer ended with an error; what was committed stands: %s", error)


def stored_head(searcher: tantivy.Searcher, row: tantivy.DocAddress) -> Head:
    """Return the head that is stored with a document."""
    stored: Any = searcher.doc(row).get_first(HEAD)
    return head_from_json(stored)


def create(folder: Path) -> TantivyIndex:
    """Return the writer of a new, empty index in a folder that is there and empty. Raises DamagedIndexError."""
    index = register(guarded(lambda: tantivy.Index(schema(), path=str(folder))))
    index.config_reader("manual")
    return TantivyIndex(index)


def open_writer(folder: Path) -> TantivyIndex:
    """Return the writer of an index that is there. Raises DamagedIndexError."""
    return TantivyIndex(open_index(folder))


def _document(plain: Document) -> tantivy.Document:
    document = tantivy.Document()
    for name, text in plain.texts.items():
        document.add_text(name, text)
    for name, values in plain.terms.items():
        for value in values:
            document.add_text(name, value)
    for name, number in plain.numbers.items():
        if name in SIGNED:
            document.add_integer(name, number)
        else:
            document.add_unsigned(name, number)
    for name, stored in ((HEAD, plain.head), (CARD, plain.card)):
        if stored is not None:
            document.add_bytes(name, stored)
    return document
