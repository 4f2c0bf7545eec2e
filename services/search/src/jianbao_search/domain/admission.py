"""Whether a revision enters the index, and what is then true of which push.

The version is revision x 2^20 + generation. Lower than the head's: stale, nothing is written. Equal: a replay, written
again identically. Higher: it takes the place of what lived before. Nothing here depends on when a record is read, so a
replay of any stretch of the log ends in the same index and the same last word on every push.
"""

from __future__ import annotations

from dataclasses import dataclass

from jianbao_contracts import ExtractedBulletin, State, identity
from jianbao_search.domain.head import Head, Replaced


@dataclass(frozen=True, slots=True)
class Word:
    """What search says of a push. `code` names the words an office is told, if any."""

    push_id: str
    revision: int
    generation: int
    state: State
    code: str | None = None
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """`head`: the bulletin's new head; None where the event is stale and nothing is to be written."""

    head: Head | None
    words: tuple[Word, ...]


def admit(head: Head | None, event: ExtractedBulletin) -> Admission:
    """Return what becomes of an event, given the bulletin's head."""
    version = identity.index_version(event.revision, event.generation)
    if head is not None and version < head.version:
        return Admission(None, (_word_on_stale(head, event),))
    new = Head(
        bulletin_id=event.bulletin_id,
        revision=event.revision,
        generation=event.generation,
        push_id=event.push_id,
        office=event.office,
        source=event.source,
        withdrawn=event.operation == "retract",
        articles=len(event.articles),
        cluster_id=event.cluster_id,
        sequence=_first_sequence(head, event),
        replaced=_replaced(head, event),
        relations=tuple((relation.bulletin_id, relation.relation) for relation in event.relations),
    )
    return Admission(new, _words_on(new))


def _first_sequence(head: Head | None, event: ExtractedBulletin) -> int | None:
    known = [head.sequence] if head is not None and head.cluster_id == event.cluster_id else []
    return min((number for number in (*known, event.sequence) if number is not None), default=None)


def _replaced(head: Head | None, event: ExtractedBulletin) -> Replaced | None:
    if head is None:
        return None
    if head.revision == event.revision:
        return head.replaced
    return None if head.withdrawn else Replaced(head.push_id, head.revision, head.generation)


def _words_on(head: Head) -> tuple[Word, ...]:
    state: State = "withdrawn" if head.withdrawn else "searchable"
    code = "withdrawn" if head.withdrawn else None
    own = Word(head.push_id, head.revision, head.generation, state, code)
    if head.replaced is None:
        return (own,)
    before: State = "withdrawn" if head.withdrawn else "superseded"
    gone = head.replaced
    return own, Word(gone.push_id, gone.revision, gone.generation, before, before, head.push_id)


def _word_on_stale(head: Head, event: ExtractedBulletin) -> Word:
    if event.revision == head.revision:
        state: State = "withdrawn" if head.withdrawn else "searchable"
        return Word(event.push_id, event.revision, event.generation, state, "withdrawn" if head.withdrawn else None)
    gone = head.replaced
    if head.withdrawn and gone is not None and gone.revision == event.revision:
        return Word(event.push_id, event.revision, event.generation, "withdrawn", "withdrawn", head.push_id)
    return Word(event.push_id, event.revision, event.generation, "superseded", "superseded", head.push_id)
