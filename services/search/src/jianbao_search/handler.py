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
from jianbao_search.repairing import mended
from jianbao_streaming.events import parse, status_record
from jianbao_streaming.outcomes import Emit, InvalidEvent, Outcome, Skip
from jianbao_streaming.records import Record, StoredRecord
from jianbao_streaming.repairs import Repair, repair_of

STALE = "stale"
"""Reason under which revisions that came too late are counted; they are no failures."""

REMOVED = "removed"
"""Reason under which bulletins are counted that an audit had the indexer look at, and take away unless it knew them."""


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
        """Return one outcome a record, in order. Repairs come last: they write what is known by then."""
        asked = [repair_of(record) for record in batch]
        plain = iter(self._index([record for record, how in zip(batch, asked, strict=True) if how is None]))
        repairs = [(record, how) for record, how in zip(batch, asked, strict=True) if how is not None]
        repaired = iter(self._repair(repairs)) if repairs else iter(())
        return [next(plain) if how is None else next(repaired) for how in asked]

    def _index(self, batch: Sequence[StoredRecord]) -> list[Outcome]:
        events = [_event(record) for record in batch]
        heads = dict(self.index.heads({event.bulletin_id for event in events if isinstance(event, ExtractedBulletin)}))
        documents: dict[str, Sequence[Document]] = {}
        entered = [_entered(event, heads, documents) for event in events]
        self.revisions.keep([event for event in entered if isinstance(event, ExtractedBulletin)])
        self.index.write(documents)
        return [self._outcome(record, event, heads) for record, event in zip(batch, entered, strict=True)]

    def _repair(self, repairs: Sequence[tuple[StoredRecord, Repair]]) -> list[Outcome]:
        """Write anew, or take away, what an audit found wrong; nothing of it depends on what the index holds."""
        events = [_event(record) if how == "rewrite" else None for record, how in repairs]
        self.revisions.keep([event for event in events if isinstance(event, ExtractedBulletin)])
        bulletins = [record.header(names.SUBJECT) or "" for record, _ in repairs]
        heads = self.index.heads(set(bulletins))
        documents: dict[str, Sequence[Document]] = {}
        outcomes: list[Outcome] = []
        for (record, how), event, bulletin in zip(repairs, events, bulletins, strict=True):
            if isinstance(event, InvalidEvent):
                outcomes.append(event)
                continue
            try:
                new = mended(how, bulletin, heads.get(bulletin), self.revisions)
            except Exception as error:  # noqa: BLE001 - a bug met by one bulletin must not keep its batch out
                outcomes.append(error)
                continue
            if new is not None:
                documents[bulletin] = new
            outcomes.append(Emit(self._words(event, record)) if event else Skip(REMOVED))
        self.index.write(documents)
        return outcomes

    def _outcome(
        self, record: StoredRecord, event: ExtractedBulletin | Exception, heads: Mapping[str, Head]
    ) -> Outcome:
        if isinstance(event, Exception):
            return event
        said = self._words(event, record)
        version = identity.index_version(event.revision, event.generation)
        return Emit(said) if version == heads[event.bulletin_id].version else Skip(STALE, said)

    def _words(self, event: ExtractedBulletin, record: StoredRecord) -> list[Record]:
        own = Revision(event.revision, event.generation, event.operation, event.push_id, event.received_at.isoformat())
        words = words_on(own, *self.revisions.around(event.bulletin_id, event.revision))
        return [self._status(event, word, record.header(names.TRACEPARENT)) for word in words]

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
