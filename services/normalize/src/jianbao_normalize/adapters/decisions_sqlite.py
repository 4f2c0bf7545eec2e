"""Decisions in the embedded engine's file: one row a bulletin, changed only where its version still holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import apsw

from jianbao_normalize.domain.decisions import Document
from jianbao_normalize.ports import DecisionConflictError
from jianbao_streaming.sqlite import Step, bring_up_to_date, select_one, transaction

_TABLES = """
CREATE TABLE IF NOT EXISTS normalize_decision (
    bulletin_id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT
"""

COMPONENT = "normalize decisions"
STEPS: tuple[Step, ...] = (_TABLES,)


class SqliteDecisions:
    """See `jianbao_normalize.ports.Decisions`."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        bring_up_to_date(connection, COMPONENT, STEPS)

    def load(self, bulletin_ids: Collection[str]) -> Mapping[str, Document]:
        """See the port."""
        documents = {}
        for bulletin_id in bulletin_ids:
            row = select_one(
                self._connection,
                "SELECT document, version FROM normalize_decision WHERE bulletin_id = ?",
                (bulletin_id,),
            )
            documents[bulletin_id] = Document.from_json(*row) if row else Document(bulletin_id)
        return documents

    def save(self, documents: Sequence[Document]) -> Sequence[Document]:
        """See the port."""
        if not documents:
            return []
        with transaction(self._connection):
            return [self._save(document) for document in documents]

    def _save(self, document: Document) -> Document:
        stored = replace(document, version=document.version + 1)
        text = stored.to_json()
        if document.version == 0:
            self._connection.execute(
                "INSERT OR IGNORE INTO normalize_decision VALUES (?, 1, ?)", (document.bulletin_id, text)
            )
        else:
            self._connection.execute(
                "UPDATE normalize_decision SET version = ?, document = ? WHERE bulletin_id = ? AND version = ?",
                (stored.version, text, document.bulletin_id, document.version),
            )
        if self._connection.changes() != 1:
            raise DecisionConflictError(f"the decisions of {document.bulletin_id} were changed by another process")
        return stored
