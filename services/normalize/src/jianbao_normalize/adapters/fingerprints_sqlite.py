"""Announced fingerprints in the embedded engine's file; an AUTOINCREMENT id is the order of announcements.

SQLite has one writer at a time, and a commit is visible to every later read of any connection: whoever announces second
sees the first. Rows are only ever added.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import apsw

from jianbao_normalize.adapters.candidates_sqlite import candidates
from jianbao_normalize.domain.announcements import Announcement
from jianbao_streaming.sqlite import Step, bring_up_to_date, select, select_one, transaction

_TABLES = """
CREATE TABLE IF NOT EXISTS normalize_fingerprint (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    bulletin_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    source TEXT NOT NULL,
    scheme TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    minhash BLOB NOT NULL,
    sampled INTEGER NOT NULL,
    text BLOB NOT NULL,
    UNIQUE (bulletin_id, revision)
) STRICT;
CREATE INDEX IF NOT EXISTS normalize_fingerprint_same ON normalize_fingerprint (sha256, sequence);
CREATE TABLE IF NOT EXISTS normalize_band (
    key INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (key, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS normalize_sample (
    key INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (key, sequence)
) STRICT, WITHOUT ROWID;
"""

COMPONENT = "normalize fingerprints"
STEPS: tuple[Step, ...] = (_TABLES,)

REMEMBERED, LONGEST_REMEMBERED = 512, 20_000
"""Announcements kept in memory with what was computed of them, and the longest text kept: in a week many bulletins are
compared with the same few. Rows never change, so what is remembered is never wrong."""

_SELECT = "SELECT bulletin_id, revision, source, text, sha256, minhash, scheme, sequence FROM normalize_fingerprint"


class SqliteFingerprints:
    """See `jianbao_normalize.ports.Fingerprints`."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._remembered: OrderedDict[int, Announcement] = OrderedDict()
        bring_up_to_date(connection, COMPONENT, STEPS)

    def announce(self, announcements: Sequence[Announcement]) -> Sequence[Announcement]:
        """See the port: all in one write transaction, visible once this returns."""
        rows = [_values(own) for own in announcements]  # computed before the file is locked for other writers
        if not rows:
            return []
        with transaction(self._connection):
            return [own.at(self._announce(own, values)) for own, values in zip(announcements, rows, strict=True)]

    def _announce(self, own: Announcement, values: Sequence[Any]) -> int:
        query = "SELECT sequence FROM normalize_fingerprint WHERE bulletin_id = ? AND revision = ?"
        known = select_one(self._connection, query, (own.bulletin_id, own.revision))
        if known is not None:
            return int(known[0])
        self._connection.execute(
            "INSERT INTO normalize_fingerprint"
            " (bulletin_id, revision, source, scheme, sha256, minhash, sampled, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        sequence = self._connection.last_insert_rowid()
        for table, keys in (("normalize_band", own.bands), ("normalize_sample", own.samples)):
            self._connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", ((key, sequence) for key in keys))
        return sequence

    def look(self, own: Announcement) -> Sequence[Announcement]:
        """See the port."""
        return [self._load(sequence) for sequence in candidates(self._connection, own)]

    def find(self, bulletin_id: str, revision: int) -> Announcement | None:
        """See the port."""
        row = select_one(self._connection, f"{_SELECT} WHERE bulletin_id = ? AND revision = ?", (bulletin_id, revision))
        return _announcement(row) if row else None

    def _load(self, sequence: int) -> Announcement:
        known = self._remembered.get(sequence)
        if known is not None:
            self._remembered.move_to_end(sequence)
            return known
        (row,) = select(self._connection, f"{_SELECT} WHERE sequence = ?", (sequence,))
        loaded = _announcement(row)
        if len(loaded.text) <= LONGEST_REMEMBERED:
            self._remembered[sequence] = loaded
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return loaded


def _values(own: Announcement) -> Sequence[Any]:
    """Return the columns of an announcement; its keys are computed with them."""
    packed = zlib.compress(own.text.encode("utf-8", "surrogatepass"), 1)
    sampled = len(own.samples)
    return (own.bulletin_id, own.revision, own.source, own.scheme, own.sha256, own.minhash, sampled, packed)


def _announcement(row: tuple[Any, ...]) -> Announcement:
    bulletin_id, revision, source, packed, *rest = row
    return Announcement(bulletin_id, revision, source, zlib.decompress(packed).decode("utf-8", "surrogatepass"), *rest)
