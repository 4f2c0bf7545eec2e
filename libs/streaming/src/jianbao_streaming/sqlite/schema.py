"""Tables of the log, and the version of their layout."""

from __future__ import annotations

import apsw

from jianbao_streaming.outcomes import FatalError
from jianbao_streaming.sqlite.layout import Step, bring_up_to_date

COMPONENT = "log"

_STEADY_TIME = """
ALTER TABLE log_record ADD COLUMN steady INTEGER;                    -- see rows.LONGEST_STEP_MS; null: as timestamp
ALTER TABLE log_topic ADD COLUMN wall INTEGER NOT NULL DEFAULT 0;    -- timestamp of the last append, 0: none
ALTER TABLE log_topic ADD COLUMN steady INTEGER NOT NULL DEFAULT 0;  -- and its steady time
UPDATE log_topic SET wall = coalesce((SELECT timestamp FROM log_record r WHERE r.topic = log_topic.id
    ORDER BY offset DESC LIMIT 1), 0);
UPDATE log_topic SET steady = wall;
PRAGMA user_version = 2;
"""

_TABLES = """
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
PRAGMA user_version = 1;
"""

_COUNTS = """
ALTER TABLE log_topic ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;    -- records that stand in the topic now
ALTER TABLE log_topic ADD COLUMN size INTEGER NOT NULL DEFAULT 0;    -- bytes of their values
UPDATE log_topic SET (kept, size) =
    (SELECT count(*), coalesce(sum(length(value)), 0) FROM log_record r WHERE r.topic = log_topic.id);
CREATE TRIGGER log_record_gone AFTER DELETE ON log_record BEGIN
    UPDATE log_topic SET kept = kept - 1, size = size - coalesce(length(OLD.value), 0) WHERE id = OLD.topic;
END;
PRAGMA user_version = 3;
"""

STEPS: tuple[Step, ...] = (_TABLES, _STEADY_TIME, _COUNTS)
"""Each step sets `user_version` too: programs from before the table `layout` look there, and refuse what is newer."""


def create(connection: apsw.Connection) -> None:
    """Make or change the tables of the log where it is needed. Raises FatalError for a file of a newer program."""
    found = connection.pragma("user_version")
    if isinstance(found, int) and found > len(STEPS):
        raise FatalError(
            f"{connection.filename} was written by a newer version of Jianbao (layout {found}, known {len(STEPS)}): "
            "start that newer version again, or restore a backup made before the upgrade"
        )
    bring_up_to_date(connection, COMPONENT, STEPS)
