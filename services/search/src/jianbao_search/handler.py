"""A batch of extracted bulletins into the index: admit each, store each, write once, then say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jianbao_contracts import ExtractedBulletin, StageStatus, identity
from jianbao_contracts import headers as names
from jianbao_contracts.notices import detail
from jianbao_search.domain.admission import admit
from jianbao_search.domain.documents import Document, documents_of
from jianbao_search.domain.head import Head
from jianbao_search.domain.words import Revision, Word, words_on
from jianbao_search.ports import Index, Revisions
from jianbao_streaming.events import parse, status_record
from jianbao_streaming.outcomes import Emit, InvalidEvent, Outcome, Skip
from jianbao_streaming.records import Record, StoredRecord

STALE = "stale"
"""Reason under which revisions that came too late are counted; they are no failures."""


@dataclass(slots=True)
class IndexHandler:
    """See `jianbao_streaming.outcomes.BatchHandler`.

    Statuses are outcomes, and outcomes are only returned once the index has committed: nothing is called searchable
    before the next query finds it.
    """

    index: Index
    revisions: Revisions
    now: Callable[[], datetime]

    def __call__(self, batch: Sequence[StoredRecord]) -> list[Outcome]:
        """Return one outcome a record, in order."""
        events = [_event(record) for record in batch]
        heads = dict(self.index.heads({event.bulletin_id for event in events if isinstance(event, ExtractedBulletin)}))
        documents: dict[str, Sequence[Document]] = {}
        entered = [_entered(event, heads, documents) for event in events]
        self.revisions.keep([event for event in entered if isinstance(event, ExtractedBulletin)])
        self.index.write(documents)
        return [self._outcome(record, event, heads) for record, event in zip(batch, entered, strict=True)]

    def _outcome(
        self, record: StoredRecord, event: ExtractedBulletin | Exception, heads: Mapping[str, Head]
    ) -> Outcome:
        if isinstance(event, Exception):
            return event
        own = Revision(event.revision, event.generation, event.operation, event.push_id, event.received_at.isoformat())
        words = words_on(own, *self.revisions.around(event.bulletin_id, event.revision))
        said = [self._status(event, word, record.header(names.TRACEPARENT)) for word in words]
        version = identity.index_version(event.revision, event.generation)
        return Emit(said) if version == heads[event.bulletin_id].version else Skip(STALE, said)

    def _status(self, event: ExtractedBulletin, word: Word, traceparent: str | None) -> Record:
        status = StageStatus(
            push_id=word.push_id,
            bulletin_id=event.bulletin_id,
            revision=word.revision,
            office=event.office,
            stage="search",
            state=word.state,
            generation=word.generation,
            at=self.now(),
            detail=detail(word.code) if word.code else None,
            refers_to=word.refers_to,
        )
        return status_record(status, traceparent=traceparent)


def _event(record: StoredRecord) -> ExtractedBulletin | InvalidEvent:
    try:
        return parse(record, ExtractedBulletin)
    except InvalidEvent as error:
        return error


def _entered(
    event: ExtractedBulletin | Exception, heads: dict[str, Head], documents: dict[str, Sequence[Document]]
) -> ExtractedBulletin | Exception:
    """Let an event in on top of what the batch wrote before it; return it, or the bug that it met."""
    if isinstance(event, Exception):
        return event
    try:
        head = admit(heads.get(event.bulletin_id), event)
        if head is not None:
            documents[event.bulletin_id] = documents_of(event, head)
            heads[event.bulletin_id] = head
    except Exception as error:  # noqa: BLE001 - a bug met by one bulletin must not keep its batch out
        return error
    return event
