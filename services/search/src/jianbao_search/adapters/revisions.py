"""Every revision of every bulletin, in a table of the one SQLite file."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Sequence
from pathlib import Path

from jianbao_contracts import ExtractedBulletin, identity
from jianbao_search.ports import Revision
from jianbao_streaming.sqlite import DATABASE, connect, transaction

_TABLE = """
CREATE TABLE IF NOT EXISTS search_revision (
    bulletin_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    operation TEXT NOT NULL,
    push_id TEXT NOT NULL,
    received_at TEXT NOT NULL,
    event BLOB NOT NULL,
    PRIMARY KEY (bulletin_id, revision)
) STRICT
"""

_KEEP = """
INSERT INTO search_revision VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (bulletin_id, revision) DO UPDATE SET
    version = excluded.version, operation = excluded.operation, push_id = excluded.push_id,
    received_at = excluded.received_at, event = excluded.event
WHERE excluded.version > search_revision.version
"""


class SqliteRevisions:
    """See `jianbao_search.ports.Revisions`. Safe for several threads; events are kept compressed (zlib)."""

    def __init__(self, data: Path) -> None:
        self._connection = connect(data / DATABASE)
        self._guard = threading.Lock()
        with transaction(self._connection):
            self._connection.execute(_TABLE)

    def keep(self, events: Sequence[ExtractedBulletin]) -> None:
        """Store revisions; one of an equal or older generation than what is there changes nothing."""
        rows = [
            (
                event.bulletin_id,
                event.revision,
                identity.index_version(event.revision, event.generation),
                event.operation,
                event.push_id,
                event.received_at.isoformat(),
                zlib.compress(event.to_json()),
            )
            for event in events
        ]
        if rows:
            with self._guard, transaction(self._connection):
                self._connection.executemany(_KEEP, rows)

    def get(self, bulletin_id: str, revision: int) -> ExtractedBulletin | None:
        """Return one revision, or None."""
        statement = "SELECT event FROM search_revision WHERE bulletin_id = ? AND revision = ?"
        with self._guard:
            found = list(self._connection.execute(statement, (bulletin_id, revision)))
        return ExtractedBulletin.model_validate_json(zlib.decompress(found[0][0])) if found else None

    def of(self, bulletin_id: str) -> list[Revision]:
        """Return all stored revisions of a bulletin in order."""
        statement = "SELECT revision, operation, push_id, received_at FROM search_revision WHERE bulletin_id = ? ORDER BY revision"
        with self._guard:
            return [Revision(*row) for row in self._connection.execute(statement, (bulletin_id,))]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
