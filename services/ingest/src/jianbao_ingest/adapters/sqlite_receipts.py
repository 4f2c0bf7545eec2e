"""Receipts in tables of the one SQLite file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import apsw

from jianbao_contracts import Receipt, StageStatus, State
from jianbao_ingest.domain.receipts import PushFacts, Word, earlier, fold, later
from jianbao_streaming.sqlite import Step, bring_up_to_date, select, select_one, transaction

_TABLES = """
CREATE TABLE IF NOT EXISTS ingest_push (
    push_id TEXT PRIMARY KEY, bulletin_id TEXT NOT NULL, office TEXT NOT NULL, operation TEXT NOT NULL,
    source TEXT NOT NULL, received_at TEXT NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ingest_push_of_office ON ingest_push (office, received_at, push_id);
CREATE INDEX IF NOT EXISTS ingest_push_in_state ON ingest_push (office, state, received_at, push_id);
CREATE INDEX IF NOT EXISTS ingest_push_of_bulletin ON ingest_push (bulletin_id, received_at, push_id);
CREATE TABLE IF NOT EXISTS ingest_word (
    push_id TEXT NOT NULL, stage TEXT NOT NULL, generation INTEGER NOT NULL, place INTEGER NOT NULL, status BLOB NOT NULL,
    PRIMARY KEY (push_id, stage, generation)
) WITHOUT ROWID;
"""
"""`ingest_word` may hold a push that `ingest_push` does not know yet: the topics are read independently."""

COMPONENT = "ingest"
STEPS: tuple[Step, ...] = (_TABLES,)

BEHIND = "(received_at, push_id) < (?, ?)"
PUSH = "push_id, bulletin_id, office, operation, source, received_at"


class SqliteReceipts:
    """See `ReceiptReader` and `ReceiptWriter` in `jianbao_ingest.ports`. For one thread at a time."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        bring_up_to_date(connection, COMPONENT, STEPS)

    def record(self, pushes: Sequence[PushFacts], words: Sequence[Word]) -> None:
        """Keep pushes and words, and fold what they touch."""
        with transaction(self._connection):
            for word in words:
                self._keep_word(word)
            for facts in pushes:
                self._keep_push(earlier(self._facts(facts.push_id), facts))
            new = {facts.push_id for facts in pushes}
            for push_id in dict.fromkeys(word.status.push_id for word in words):
                if push_id not in new and (known := self._facts(push_id)):
                    self._keep_push(known)

    def receipt(self, push_id: str) -> Receipt | None:
        """Return a push's receipt."""
        facts = self._facts(push_id)
        return self._folded(facts) if facts else None

    def receipts(
        self,
        office: str,
        *,
        since: datetime | None,
        states: Collection[State],
        before: tuple[datetime, str] | None,
        most: int,
    ) -> list[Receipt]:
        """Return a page of an office's receipts, latest push first."""
        wanted = ["office = ?"]
        values: list[Any] = [office]
        if since is not None:
            wanted.append("received_at >= ?")
            values.append(_written(since))
        if before is not None:
            wanted.append(BEHIND)
            values.extend((_written(before[0]), before[1]))
        where = f"WHERE {' AND '.join(wanted)}"
        if not states:
            return self._select(where, values, most)
        # One state at a time: asked for several, SQLite would walk all receipts of the office to find those of rare ones.
        rows = [
            row
            for state in dict.fromkeys(states)
            for row in self._rows(f"{where} AND state = ?", [*values, state], most)
        ]
        latest = sorted(
            (_facts(row) for row in rows), key=lambda facts: (facts.received_at, facts.push_id), reverse=True
        )
        return [self._folded(facts) for facts in latest[:most]]

    def pushed_since(self, office: str, since: datetime, most: int, push_ids: Sequence[str]) -> tuple[int, set[str]]:
        """Count an office's publications since a moment, at most `most`; tell which of these pushes are known."""
        within = "SELECT 1 FROM ingest_push WHERE office = ? AND received_at >= ? AND operation = 'publish' LIMIT ?"
        row = select_one(self._connection, f"SELECT count(*) FROM ({within})", (office, _written(since), most))
        return (row[0] if row else 0), {push_id for push_id in push_ids if self._facts(push_id)}

    def chosen(self, office: str, push_ids: Sequence[str]) -> list[Receipt]:
        """Return the receipts of an office's pushes, in the order given."""
        found = (self._facts(push_id) for push_id in dict.fromkeys(push_ids))
        return [self._folded(facts) for facts in found if facts is not None and facts.office == office]

    def bulletin(self, bulletin_id: str, *, before: tuple[datetime, str] | None, most: int) -> list[Receipt]:
        """Return a page of the receipts of a bulletin's pushes, latest first."""
        wanted, values = ["bulletin_id = ?"], [bulletin_id]
        if before is not None:
            wanted.append(BEHIND)
            values.extend((_written(before[0]), before[1]))
        return self._select(f"WHERE {' AND '.join(wanted)}", values, most)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _select(self, where: str, values: Sequence[Any], most: int) -> list[Receipt]:
        return [self._folded(_facts(row)) for row in self._rows(where, values, most)]

    def _rows(self, where: str, values: Sequence[Any], most: int) -> list[tuple[Any, ...]]:
        query = f"SELECT {PUSH} FROM ingest_push {where} ORDER BY received_at DESC, push_id DESC LIMIT ?"
        return select(self._connection, query, (*values, most))

    def _facts(self, push_id: str) -> PushFacts | None:
        row = select_one(self._connection, f"SELECT {PUSH} FROM ingest_push WHERE push_id = ?", (push_id,))
        return _facts(row) if row else None

    def _folded(self, facts: PushFacts) -> Receipt:
        rows = select(self._connection, "SELECT status FROM ingest_word WHERE push_id = ?", (facts.push_id,))
        return fold(facts, [StageStatus.model_validate_json(status) for (status,) in rows])

    def _keep_push(self, facts: PushFacts) -> None:
        self._connection.execute(
            f"INSERT OR REPLACE INTO ingest_push ({PUSH}, state) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                facts.push_id,
                facts.bulletin_id,
                facts.office,
                facts.operation,
                facts.source,
                _written(facts.received_at),
                self._folded(facts).state,
            ),
        )

    def _keep_word(self, found: Word) -> None:
        key = (found.status.push_id, found.status.stage, found.status.generation)
        query = "SELECT status, place FROM ingest_word WHERE push_id = ? AND stage = ? AND generation = ?"
        row = select_one(self._connection, query, key)
        known = Word(StageStatus.model_validate_json(row[0]), row[1]) if row else None
        word = later(known, found)
        if word is not known:
            self._connection.execute(
                "INSERT OR REPLACE INTO ingest_word (push_id, stage, generation, place, status) VALUES (?, ?, ?, ?, ?)",
                (*key, word.place, word.status.to_json()),
            )


def _facts(row: tuple[Any, ...]) -> PushFacts:
    push_id, bulletin_id, office, operation, source, received_at = row
    return PushFacts(push_id, bulletin_id, office, operation, source, datetime.fromisoformat(received_at))


def _written(moment: datetime) -> str:
    """Return a moment so that the order of texts is the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
