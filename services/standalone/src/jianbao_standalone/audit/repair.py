"""Repairs: every difference is sent to the owner of the damaged part, with an audit line in the same append.

Nothing is written into index or tables here. What is sent changes nothing where the owner knows better by then, so a
repair may be made twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from jianbao_contracts import AuditRepair, identity, topics
from jianbao_contracts import headers as names
from jianbao_standalone.audit.comparison import Difference
from jianbao_standalone.audit.facts import RAW_TOPICS
from jianbao_standalone.audit.sources import Sources
from jianbao_standalone.dead_letters.desk import find, word
from jianbao_standalone.dead_letters.filter import DeadLetter, Filter
from jianbao_streaming import Clock, Log, Record
from jianbao_streaming import dead_letters as dlq
from jianbao_streaming.events import audit_repair_record
from jianbao_streaming.repairs import remove, rewrite

MOST_AT_ONCE = 50
"""Repairs an append; each carries one to five records."""


class Workshop:
    """Makes the records that mend differences. `sources` are read as they are now."""

    def __init__(self, sources: Sources, log: Log, differences: Sequence[Difference]) -> None:
        self._sources = sources
        self._log = log
        self._raw: dict[str, list[tuple[str, int, str]]] = {}
        self._letters: dict[tuple[str, str], DeadLetter] = {}
        wanted = {one.push_id for one in differences if one.push_id is not None}
        if wanted:
            self._find(wanted)

    def mend(self, one: Difference, at: datetime) -> list[Record]:
        """Return what mends a difference; nothing where the log holds no record to mend it from."""
        match one.kind:
            case "ghost":
                return [remove(one.bulletin_id)]
            case "missing" | "stale" | "incomplete":
                return self._again(topics.EXTRACTED, one, "search")
            case "lost":
                return self._handled_again(one)
            case "missing_receipt" | "wrong_receipt":
                return self._receipt(one, at)
            case "twice":
                return []  # which of the two is right only a person can tell

    def _receipt(self, one: Difference, at: datetime) -> list[Record]:
        """What was said is told to receipts again, and what was never said is said by who has to say it."""
        push = one.push_id or ""
        said = self._sources.words(push)
        raw = [self._sources.record(topic, offset) for topic, offset, _ in self._raw.get(push, [])[:1]]
        told = [rewrite(record, "receipts") for record in (*raw, *said) if record is not None]
        by = one.stage or "normalize"
        if any((record.header(names.SOURCE) or "").endswith(f"/{by}") for record in said) or by == "ingest":
            return told
        return [*told, *self._said_again(one, at)]

    def _said_again(self, one: Difference, at: datetime) -> Sequence[Record]:
        letter = self._letters.get((one.stage or "", one.push_id or ""))
        if letter is None:
            return self._handled_again(one)
        if letter.state == "dropped":
            return word(letter, "dropped", "dropped", (letter.done and letter.done.reason) or "", at)
        told = letter.record.header
        return word(letter, "dead_lettered", told(dlq.CODE) or "internal_error", told(dlq.REASON) or "", at)

    def _handled_again(self, one: Difference) -> list[Record]:
        if one.stage == "search":
            return self._again(topics.EXTRACTED, one, "search")
        if one.stage == "extract":
            return self._again(topics.NORMALIZED, one, "extract")
        decided = {event: (topic, offset) for topic, offset, event in self._raw.get(one.push_id or "", ())}
        place = decided.get(one.ce_id) if one.ce_id in decided else next(iter(decided.values()), None)
        record = self._sources.record(*place) if place else None
        return [rewrite(record, "normalize")] if record is not None else []

    def _again(self, topic: str, one: Difference, stage: str) -> list[Record]:
        record = self._sources.latest(topic, identity.revision_key(one.bulletin_id, one.revision or 0))
        return [rewrite(record, stage)] if record is not None else []

    def _find(self, wanted: set[str]) -> None:
        """Find the raw records and the latest dead letters of these pushes, in one pass over each topic."""
        for topic in RAW_TOPICS:
            for seen in self._sources.seen(topic):
                if (push := seen.headers.get(names.PUSH_ID)) in wanted and push is not None:
                    self._raw.setdefault(push, []).append((topic, seen.offset, seen.headers.get(names.ID, "")))
        for letter in find(self._log, Filter(done_too=True)):
            push = letter.record.header(names.PUSH_ID)
            if push in wanted and push is not None:
                self._letters[letter.stage, push] = letter


def repair(
    sources: Sources, log: Log, differences: Sequence[Difference], operator: str, clock: Clock
) -> Iterator[tuple[Difference, bool]]:
    """Send every difference to be mended, and yield it once that is durable, with whether there was a way to mend it."""
    workshop = Workshop(sources, log, differences)
    for first in range(0, len(differences), MOST_AT_ONCE):
        portion = differences[first : first + MOST_AT_ONCE]
        now = clock.now()
        made = [(one, workshop.mend(one, now)) for one in portion]
        log.append(
            [record for one, records in made if records for record in (*records, _line(one, records, operator, now))]
        )
        yield from ((one, bool(records)) for one, records in made)


def _line(one: Difference, records: Sequence[Record], operator: str, at: datetime) -> Record:
    return audit_repair_record(
        AuditRepair(
            kind=one.kind,
            bulletin_id=one.bulletin_id,
            push_id=one.push_id,
            sent_to=records[-1].topic,
            difference=one.what,
            operator=operator,
            at=at,
        )
    )
