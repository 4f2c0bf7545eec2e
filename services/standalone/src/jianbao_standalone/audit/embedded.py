"""The sources of one machine: everything but the index stands in one SQLite file, read in one transaction.

Only of the embedded engine: past one machine the same questions are asked of Kafka and Elasticsearch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sys import intern
from typing import Any

import apsw

from jianbao_contracts import StageStatus, State, identity, topics
from jianbao_contracts import headers as names
from jianbao_ingest.domain.receipts import OVERTAKEN
from jianbao_normalize.domain.decisions import Document
from jianbao_search.adapters.folder import INDEX_FOLDER
from jianbao_search.adapters.inventory import inventory
from jianbao_search.domain.words import Revision
from jianbao_standalone.audit.sources import Held, Seen
from jianbao_streaming import StoredRecord
from jianbao_streaming.sqlite import DATABASE, connect, select, select_one
from jianbao_streaming.sqlite.connection import FAULTS, fault
from jianbao_streaming.sqlite.member import committed
from jianbao_streaming.sqlite.rows import PARTITION, read, topic_id

READ = frozenset({names.ID, names.TIME, names.SUBJECT, names.PUSH_ID, names.OFFICE, names.REVISION, names.GENERATION})
"""Headers that an audit asks for. Ids stand in many records; kept once each, they are what an audit holds in memory."""

_WORDS = """
SELECT w.push_id, w.place, w.status, r.value FROM ingest_word w
LEFT JOIN log_record r ON r.topic = ? AND r.offset = w.place WHERE r.value IS NOT w.status
"""

_UNKEPT_WORDS = """
WITH said AS (
    SELECT substr(CAST(key AS TEXT), 1, 32) AS push_id, substr(CAST(key AS TEXT), 34) AS rest
    FROM log_record WHERE topic = ? AND offset < ?
)
SELECT push_id FROM said WHERE NOT EXISTS (
    SELECT 1 FROM ingest_word w WHERE w.push_id = said.push_id AND w.stage = substr(rest, 1, instr(rest, '/') - 1)
    AND w.generation = CAST(substr(rest, instr(rest, '/') + 1) AS INTEGER)
)
"""
"""The key of a status is push_id/stage/generation."""


class EmbeddedSources:
    """See `jianbao_standalone.audit.sources.Sources`. Only inside `open_sources`."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._tables = {name for (name,) in select(connection, "SELECT name FROM sqlite_schema WHERE type = 'table'")}

    def seen(self, topic: str, first: int = 0) -> Iterator[Seen]:
        """See the port: SQLite leaves values where they are unless they are asked for."""
        rows = self._rows(
            "log_record",
            "SELECT offset, headers FROM log_record WHERE topic = ? AND offset >= ? ORDER BY offset",
            topic_id(self._connection, topic),
            first,
        )
        for offset, headers in rows:
            yield Seen(
                topic, PARTITION, offset, {name: intern(value) for name, value in json.loads(headers) if name in READ}
            )

    def records(self, topic: str) -> Iterator[StoredRecord]:
        """See the port."""
        first = 0
        while batch := list(read(self._connection, topic, first, 500)):
            yield from batch
            first = batch[-1].offset + 1

    def committed(self, group: str, topic: str) -> int:
        """See the port."""
        return committed(self._connection, group, topic)

    def record(self, topic: str, offset: int) -> StoredRecord | None:
        """See the port."""
        found = next(read(self._connection, topic, offset, 1), None)
        return found if found is not None and found.offset == offset else None

    def latest(self, topic: str, key: str) -> StoredRecord | None:
        """See the port."""
        row = select_one(
            self._connection,
            "SELECT max(offset) FROM log_record WHERE topic = ? AND key = ?",
            (topic_id(self._connection, topic), key.encode()),
        )
        return self.record(topic, row[0]) if row and row[0] is not None else None

    def words(self, push_id: str) -> list[StoredRecord]:
        """See the port."""
        rows = select(
            self._connection,
            "SELECT max(offset) FROM log_record WHERE topic = ? AND key >= ? AND key < ? GROUP BY key",
            (topic_id(self._connection, topics.STATUS), f"{push_id}/".encode(), f"{push_id}0".encode()),
        )
        found = (self.record(topics.STATUS, offset) for (offset,) in rows)
        return [record for record in found if record is not None]

    def decisions(self) -> Iterator[Document]:
        """See the port."""
        for document, version in self._rows("normalize_decision", "SELECT document, version FROM normalize_decision"):
            yield Document.from_json(document, version)

    def revisions(self) -> Iterator[tuple[str, Revision]]:
        """See the port."""
        rows = self._rows(
            "search_revision",
            "SELECT bulletin_id, revision, version, operation, push_id, '' FROM search_revision"
            " ORDER BY bulletin_id, revision",
        )
        for bulletin, revision, version, operation, push_id, received_at in rows:
            generation = version % identity.GENERATIONS
            yield intern(bulletin), Revision(revision, generation, operation, intern(push_id), received_at)

    def receipts(self) -> Iterator[tuple[str, State]]:
        """See the port."""
        yield from self._rows("ingest_push", "SELECT push_id, state FROM ingest_push")

    def wrong_words(self) -> Iterator[tuple[str, str]]:
        """See the port."""
        topic = topic_id(self._connection, topics.STATUS)
        for push_id, place, kept, said in self._rows("ingest_word", _WORDS, topic):
            if (what := self._wrong(place, kept, said)) is not None:
                yield push_id, what
        read_to = committed(self._connection, "receipts", topics.STATUS)
        for (push_id,) in self._rows("ingest_word", _UNKEPT_WORDS, topic, read_to):
            yield push_id, "its receipt lacks a word that was said"

    def _wrong(self, place: int, kept: str | bytes, said: bytes | None) -> str | None:
        try:
            held = StageStatus.model_validate_json(kept)
        except ValueError:
            return "its receipt holds a word that cannot be read"
        if said is None:
            # compaction keeps the latest word of a key, and a receipt may rightly hold the one before
            later = self.latest(topics.STATUS, identity.status_key(held.push_id, held.stage, held.generation))
            rightly = later is not None and later.offset > place and held.state in OVERTAKEN
            return None if rightly else "its receipt holds a word that nobody said"
        if held == StageStatus.model_validate_json(said):
            return None  # the same word, written by another version
        return f"its receipt holds another word of {held.stage} than was said"

    def _rows(self, table: str, statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
        """Yield rows one by one; none where a service has never made its table."""
        if table not in self._tables:
            return
        try:
            yield from self._connection.execute(statement, values)
        except FAULTS as error:
            raise fault(self._connection, "read", error) from error


@contextmanager
def open_sources(data: Path) -> Iterator[EmbeddedSources]:
    """Yield the sources of a data folder as they are now, whatever is written meanwhile."""
    connection = connect(data / DATABASE)
    try:
        connection.execute("BEGIN")
        yield EmbeddedSources(connection)
    finally:
        connection.close()


class EmbeddedIndex:
    """See `jianbao_standalone.audit.sources.Index`."""

    def __init__(self, data: Path) -> None:
        self._folder = data / INDEX_FOLDER

    def held(self) -> Iterator[Held]:
        """See the port."""
        for shelf in inventory(self._folder):
            yield Held(intern(shelf.bulletin_id), shelf.version, shelf.withdrawn, shelf.articles, shelf.found)
