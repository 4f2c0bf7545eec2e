"""Tables of the log, and the version of their layout."""

from __future__ import annotations

import apsw

from jianbao_streaming.outcomes import FatalError
from jianbao_streaming.sqlite.connection import transaction

VERSION = 1

TABLES = """
CREATE TABLE IF NOT EXISTS log_topic (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    end INTEGER NOT NULL DEFAULT 0,      -- the next offset: how many records were ever appended
    cleaned INTEGER NOT NULL DEFAULT 0   -- compaction has looked at all offsets below
);
CREATE TABLE IF NOT EXISTS log_record (
    id INTEGER PRIMARY KEY,
    topic INTEGER NOT NULL REFERENCES log_topic (id),
    offset INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,          -- append time, milliseconds since 1970 UTC
    key BLOB NOT NULL,
    headers TEXT NOT NULL,               -- JSON [[name, value as Latin-1], ...]
    dataref TEXT,                        -- payload that this record needs, kept as long as it is referred to
    value BLOB                           -- null: a tombstone
);
CREATE UNIQUE INDEX IF NOT EXISTS log_record_place ON log_record (topic, offset);
CREATE INDEX IF NOT EXISTS log_record_key ON log_record (topic, key, offset);
CREATE INDEX IF NOT EXISTS log_record_dataref ON log_record (dataref) WHERE dataref IS NOT NULL;
CREATE TABLE IF NOT EXISTS log_group (
    name TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,              -- raised by every take-over; a commit under an older one is refused
    owner TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS log_offset (
    group_name TEXT NOT NULL,
    topic INTEGER NOT NULL REFERENCES log_topic (id),
    offset INTEGER NOT NULL,             -- the next one to read
    PRIMARY KEY (group_name, topic)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log_attempt (
    group_name TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    first INTEGER NOT NULL,
    begun INTEGER NOT NULL,              -- how often `first` was begun without having been committed
    alone_through INTEGER NOT NULL,      -- records up to this offset are handled one by one; -1: none
    PRIMARY KEY (group_name, topic, partition)
) WITHOUT ROWID;
"""


def create(connection: apsw.Connection) -> None:
    """Make the tables of the log where they are missing. Raises FatalError for a file of a newer program."""
    found = connection.pragma("user_version")
    if isinstance(found, int) and found > VERSION:
        raise FatalError(f"the data folder was written by a newer version (layout {found}, known {VERSION}): upgrade")
    if found == VERSION:
        return
    connection.pragma("auto_vacuum", 2)  # INCREMENTAL: retention gives pages back; only settable before any table
    with transaction(connection):
        connection.execute(TABLES)
        connection.execute(f"PRAGMA user_version = {VERSION}")
