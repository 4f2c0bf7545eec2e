"""An operator's acts on dead letters: looking at them, sending them back to their stages, giving them up.

Every act is one append: the audit line together with what it does. Letters are read one after the other and never held
together, for their values are whole bulletins.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from getpass import getuser
from typing import cast, get_args

from jianbao_contracts import DeadLetterAction, Stage, StageStatus, State, notices, topics
from jianbao_contracts import headers as names
from jianbao_standalone.dead_letters.filter import DeadLetter, Filter, Place
from jianbao_streaming import Log, Record, StoredRecord
from jianbao_streaming import dead_letters as dlq
from jianbao_streaming.events import dead_letter_action_record, parse, status_record

MOST_AT_ONCE = 100
MOST_BYTES_AT_ONCE = 8 * 1024 * 1024
"""Acts an append: many, so that each does not wait for the disk, and few enough to fit in memory."""


def find(log: Log, wanted: Filter) -> Iterator[DeadLetter]:
    """Yield the dead letters that are meant, stage by stage, oldest first."""
    done = {Place(act.stage, act.partition, act.offset): act for act in _acts(log)}
    for stage in wanted.stages():
        first = min((place.offset for place in wanted.places if place.stage == stage), default=0)
        missing = {place for place in wanted.places if place.stage == stage}
        for record in _all(log, topics.dead_letters_of(stage), first):
            letter = DeadLetter(stage, record, done.get(Place(stage, record.partition, record.offset)))
            if wanted.wants(letter):
                yield letter
            if wanted.places:
                missing.discard(letter.place)
                if not missing:
                    break


def places(log: Log, wanted: Filter, most: int | None = None) -> list[Place]:
    """Return where the dead letters lie that are meant, at most so many.

    Acts are done on a list: a letter that is sent back and fails again while others still wait is a new one, and
    must not be met by the same act again.
    """
    found: list[Place] = []
    for letter in find(log, wanted):
        if most is not None and len(found) >= most:
            break
        found.append(letter.place)
    return found


def replay(log: Log, chosen: Collection[Place], operator: str, reason: str | None = None) -> Iterator[DeadLetter]:
    """Send dead letters back to their stages' retry topics, and yield each once that is durable.

    Letters that were sent back before are left alone: what failed again lies there as a letter of its own, and what did
    not would be published twice.
    """

    def records(letter: DeadLetter, at: datetime) -> Sequence[Record]:
        return (dlq.replay(letter.record), _audit_line(letter, "replay", operator, at, reason))

    return _act(log, chosen, may_replay, records)


def drop(log: Log, chosen: Collection[Place], operator: str, reason: str | None = None) -> Iterator[DeadLetter]:
    """Give up open dead letters, and yield each once that is durable: their receipts say `dropped` from then on.

    The records stay where they are, so a dropped letter may still be replayed.
    """

    def records(letter: DeadLetter, at: datetime) -> Sequence[Record]:
        told = word(letter, "dropped", "dropped", reason or "", at)
        return (*told, _audit_line(letter, "drop", operator, at, reason))

    return _act(log, chosen, may_drop, records)


def may_replay(letter: DeadLetter) -> bool:
    """Return whether a dead letter can be sent back: not a second time."""
    return letter.state != "replayed"


def may_drop(letter: DeadLetter) -> bool:
    """Return whether a dead letter can be given up: of one that was sent back something else may have become."""
    return letter.state == "open"


def look(log: Log, chosen: Collection[Place]) -> Iterator[DeadLetter]:
    """Yield the dead letters at these places."""
    return find(log, Filter(places=frozenset(chosen), done_too=True)) if chosen else iter(())


def word(letter: DeadLetter, state: State, code: str, reason: str, at: datetime) -> tuple[Record, ...]:
    """Return what is said publicly of the push of a dead letter, from headers alone; nothing where it names no push."""
    told = letter.record.header
    push, office, bulletin = told(names.PUSH_ID), told(names.OFFICE), told(names.SUBJECT)
    if letter.stage not in get_args(Stage) or not (push and office and bulletin):
        return ()
    revision = told(names.REVISION)
    status = StageStatus(
        push_id=push,
        bulletin_id=bulletin,
        revision=int(revision) if revision else None,
        office=office,
        stage=cast("Stage", letter.stage),
        state=state,
        generation=int(told(names.GENERATION) or 1),
        at=at,
        detail=notices.detail(code, reason),
    )
    return (status_record(status, traceparent=told(names.TRACEPARENT)),)


def operator() -> str:
    """Return who acts: the user of this process, as its machine knows him."""
    try:
        return getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return "unknown"


def _act(
    log: Log,
    chosen: Collection[Place],
    may: Callable[[DeadLetter], bool],
    records: Callable[[DeadLetter, datetime], Sequence[Record]],
) -> Iterator[DeadLetter]:
    for portion in _portions(filter(may, look(log, chosen))):
        now = datetime.now(UTC)
        log.append([record for letter in portion for record in records(letter, now)])
        yield from portion


def _audit_line(letter: DeadLetter, action: str, operator: str, at: datetime, reason: str | None) -> Record:
    act = {
        "stage": letter.stage,
        "partition": letter.record.partition,
        "offset": letter.record.offset,
        "push_id": letter.record.header(names.PUSH_ID),
        "action": action,
        "operator": operator,
        "at": at,
        "reason": reason,
    }
    return dead_letter_action_record(DeadLetterAction.model_validate(act))


def _portions(letters: Iterable[DeadLetter]) -> Iterator[list[DeadLetter]]:
    portion: list[DeadLetter] = []
    size = 0
    for letter in letters:
        portion.append(letter)
        size += len(letter.record.value or b"")
        if len(portion) >= MOST_AT_ONCE or size >= MOST_BYTES_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _acts(log: Log) -> Iterator[DeadLetterAction]:
    for record in _all(log, topics.DEAD_LETTER_ACTIONS):
        yield parse(record, DeadLetterAction)


def _all(log: Log, topic: str, first: int = 0) -> Iterator[StoredRecord]:
    reader = log.reader([topic], start={topic: first})
    try:
        while batch := reader.poll(500, 0):
            yield from batch
    finally:
        reader.close()
