"""An operator's view of dead letters: what lies there, what was done with it, and the way back to its stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from jianbao_contracts import DeadLetterAction, topics
from jianbao_contracts import headers as names
from jianbao_streaming import Log, StoredRecord
from jianbao_streaming import dead_letters as dlq
from jianbao_streaming.events import dead_letter_action_record, parse

STAGES = ("normalize", "extract", "search", "receipts")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter with what was done with it last, if anything."""

    stage: str
    record: StoredRecord
    done: DeadLetterAction | None

    @property
    def place(self) -> str:
        """How an operator names it: stage/partition/offset."""
        return f"{self.stage}/{self.record.partition}/{self.record.offset}"

    def summary(self) -> dict[str, str | int | None]:
        """Return what a list shows: a stable JSON form."""
        told = self.record.header
        return {
            "place": self.place,
            "office": told(names.OFFICE),
            "bulletin_id": told(names.SUBJECT),
            "push_id": told(names.PUSH_ID),
            "code": told(dlq.CODE),
            "error_type": told(dlq.ERROR_TYPE),
            "reason": told(dlq.REASON),
            "failed_at": told(dlq.FAILED_AT),
            "attempts": told(dlq.ATTEMPTS),
            "replays": told(dlq.REPLAYS),
            "origin": f"{told(dlq.ORIGIN_TOPIC)}/{told(dlq.ORIGIN_PARTITION)}/{told(dlq.ORIGIN_OFFSET)}",
            "bytes": len(self.record.value or b""),
            "done": f"{self.done.action} by {self.done.operator} at {self.done.at.isoformat()}" if self.done else None,
        }


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dead letters are meant; None: any. A place names exactly one."""

    stage: str | None = None
    code: str | None = None
    office: str | None = None
    place: str | None = None
    done_too: bool = False

    def wants(self, letter: DeadLetter) -> bool:
        """Return whether a dead letter is meant."""
        told = letter.record.header
        return (
            (self.done_too or letter.done is None)
            and self.stage in (None, letter.stage)
            and self.code in (None, told(dlq.CODE))
            and self.office in (None, told(names.OFFICE))
            and self.place in (None, letter.place)
        )


def find(log: Log, wanted: Filter) -> Iterator[DeadLetter]:
    """Yield the dead letters that are meant, stage by stage, oldest first."""
    done = {f"{act.stage}/{act.partition}/{act.offset}": act for act in _acts(log)}
    for stage in STAGES:
        for record in _all(log, topics.dead_letters_of(stage)):
            letter = DeadLetter(stage, record, done.get(f"{stage}/{record.partition}/{record.offset}"))
            if wanted.wants(letter):
                yield letter


def replay(log: Log, letters: Sequence[DeadLetter], operator: str) -> None:
    """Send dead letters back to their stages' retry topics, each with its audit line, all or none."""
    now = datetime.now(UTC)
    log.append(
        [
            record
            for letter in letters
            for record in (
                dlq.replay(letter.record),
                dead_letter_action_record(
                    DeadLetterAction(
                        stage=letter.stage,
                        partition=letter.record.partition,
                        offset=letter.record.offset,
                        push_id=letter.record.header(names.PUSH_ID),
                        action="replay",
                        operator=operator,
                        at=now,
                    )
                ),
            )
        ]
    )


def _acts(log: Log) -> Iterator[DeadLetterAction]:
    for record in _all(log, topics.DEAD_LETTER_ACTIONS):
        yield parse(record, DeadLetterAction)


def _all(log: Log, topic: str) -> Iterator[StoredRecord]:
    reader = log.reader([topic])
    try:
        while batch := reader.poll(500, 0):
            yield from batch
    finally:
        reader.close()
