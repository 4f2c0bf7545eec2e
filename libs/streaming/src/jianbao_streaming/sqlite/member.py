"""A member of a consumer group on one machine: one is active, the others stand by.

Who holds the lock file's `flock` is active; the kernel frees it when the process dies. Every take-over raises the
group's epoch, and every commit checks it: a member that was replaced while it was stopped can write nothing.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import apsw

from jianbao_streaming.ports import Clock, FencedError
from jianbao_streaming.records import Record, StoredRecord
from jianbao_streaming.sqlite import rows
from jianbao_streaming.sqlite.connection import select, select_one, transaction
from jianbao_streaming.sqlite.wakeup import wait_for

log = logging.getLogger(__name__)

STANDBY_PERIOD_S = 0.1
"""How often a standby tries the lock."""


class SqliteMember:
    """See `jianbao_streaming.ports.Member`."""

    def __init__(
        self, connection: apsw.Connection, group: str, topics: Sequence[str], lock_file: Path, clock: Clock
    ) -> None:
        self._connection = connection
        self._group = group
        self._topics = tuple(topics)
        self._clock = clock
        self._lock = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._epoch: int | None = None
        self._told_standby = False
        self._next: dict[str, int] = {}

    @property
    def active(self) -> bool:
        """Whether this member holds the group's lock."""
        return self._epoch is not None

    def poll(self, max_records: int, timeout: float) -> Sequence[StoredRecord]:
        """Return the next records, those of the most urgent topic first."""
        if not self.active and not self._take_over():
            self._clock.wait(min(timeout, STANDBY_PERIOD_S))
            return ()
        return wait_for(self._connection, lambda: self._read(max_records), timeout) or ()

    def _read(self, most: int) -> list[StoredRecord] | None:
        found: list[StoredRecord] = []
        for topic in self._topics:
            batch = list(rows.read(self._connection, topic, self._next[topic], most - len(found)))
            if batch:
                self._next[topic] = batch[-1].offset + 1
                found += batch
            if len(found) >= most:
                break
        return found or None

    def commit(self, consumed: Sequence[StoredRecord], outputs: Sequence[Record]) -> None:
        """Write outputs and offsets in one transaction, unless another member has taken over."""
        done: dict[str, int] = {}
        for record in consumed:
            done[record.topic] = max(done.get(record.topic, 0), record.offset + 1)
        with transaction(self._connection):
            self._check_epoch()
            rows.write(self._connection, outputs, int(self._clock.now().timestamp() * 1000))
            self._connection.executemany(
                "INSERT INTO log_offset (group_name, topic, offset)"
                " VALUES (?, (SELECT id FROM log_topic WHERE name = ?), ?)"
                " ON CONFLICT DO UPDATE SET offset = excluded.offset",
                [(self._group, topic, offset) for topic, offset in done.items()],
            )

    def rewind(self) -> None:
        """Go back to the committed offsets."""
        self._next = {topic: committed(self._connection, self._group, topic) for topic in self._topics}

    def lag(self) -> int:
        """Return how many records wait behind the committed offsets."""
        return sum(lag(self._connection, self._group, topic) for topic in self._topics)

    def close(self) -> None:
        """Give the lock back, so that a standby takes over."""
        self._epoch = None
        os.close(self._lock)
        self._connection.close()

    def _take_over(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not self._told_standby:
                self._told_standby = True
                owner = select_one(self._connection, "SELECT owner FROM log_group WHERE name = ?", (self._group,))
                log.info("%s: process %s is active; standing by until it ends", self._group, owner[0] if owner else "?")
            return False
        with transaction(self._connection):
            ((self._epoch,),) = select(
                self._connection,
                "INSERT INTO log_group (name, epoch, owner) VALUES (?, 1, ?)"
                " ON CONFLICT DO UPDATE SET epoch = epoch + 1, owner = excluded.owner RETURNING epoch",
                (self._group, str(os.getpid())),
            )
        self.rewind()
        return True

    def _check_epoch(self) -> None:
        row = select_one(self._connection, "SELECT epoch, owner FROM log_group WHERE name = ?", (self._group,))
        if row is None or row[0] != self._epoch:
            owner = f"process {row[1]}" if row else "nobody"
            raise FencedError(f"{self._group}: {owner} took over (epoch {row and row[0]}, mine {self._epoch})")


def committed(connection: apsw.Connection, group: str, topic: str) -> int:
    """Return the next offset that a group will read of a topic."""
    row = select_one(
        connection,
        "SELECT offset FROM log_offset WHERE group_name = ? AND topic = (SELECT id FROM log_topic WHERE name = ?)",
        (group, topic),
    )
    return row[0] if row else 0


def lag(connection: apsw.Connection, group: str, topic: str) -> int:
    """Return how many offsets lie between a group's committed one and the end."""
    row = select_one(connection, "SELECT end FROM log_topic WHERE name = ?", (topic,))
    return row[0] - committed(connection, group, topic) if row else 0
