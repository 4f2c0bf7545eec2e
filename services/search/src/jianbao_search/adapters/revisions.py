"""Every revision of every bulletin, in a table of the one SQLite file."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Sequence
from pathlib import Path

from jianbao_contracts import ExtractedBulletin, identity
from jianbao_search.domain.words import Revision
from jianbao_streaming.sqlite import DATABASE, Step, bring_up_to_date, connect, select, transaction

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

COMPONENT = "search"
STEPS: tuple[Step, ...] = (_TABLE,)

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
        bring_up_to_date(self._connection, COMPONENT, STEPS)

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
            found = select(self._connection, statement, (bulletin_id, revision))
        return ExtractedBulletin.model_validate_json(zlib.decompress(found[0][0])) if found else None

    def of(self, bulletin_id: str) -> list[Revision]:
        """Return all stored revisions of a bulletin in order."""
        return self._found("WHERE bulletin_id = ? ORDER BY revision", bulletin_id)

    def around(self, bulletin_id: str, revision: int) -> tuple[Revision | None, Revision | None]:
        """Return the closest stored revisions before and after one of a bulletin, or None."""
        before = self._found(
            "WHERE bulletin_id = ? AND revision < ? ORDER BY revision DESC LIMIT 1", bulletin_id, revision
        )
        after = self._found("WHERE bulletin_id = ? AND revision > ? ORDER BY revision LIMIT 1", bulletin_id, revision)
        return next(iter(before), None), next(iter(after), None)

    def _found(self, which: str, *values: str | int) -> list[Revision]:
        statement = f"SELECT revision, version, operation, push_id, received_at FROM search_revision {which}"
        with self._guard:
            rows = select(self._connection, statement, values)
        return [
            Revision(revision, version % identity.GENERATIONS, operation, push_id, received_at)
            for revision, version, operation, push_id, received_at in rows
        ]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
