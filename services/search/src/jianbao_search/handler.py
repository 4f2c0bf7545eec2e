"""A batch of extracted bulletins into the index: decide each, store each, write once, then say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from jianbao_contracts import ExtractedBulletin, StageStatus
from jianbao_contracts import headers as names
from jianbao_contracts.notices import detail
from jianbao_search.domain.admission import Admission, Word, admit
from jianbao_search.domain.documents import Document, documents_of
from jianbao_search.domain.head import Head
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
        outcomes: list[Outcome] = []
        kept: list[ExtractedBulletin] = []
        for record, event in zip(batch, events, strict=True):
            if isinstance(event, InvalidEvent):
                outcomes.append(event)
                continue
            try:
                admission = _entered(event, heads, documents)
            except Exception as error:  # noqa: BLE001 - a bug met by one bulletin must not keep its batch out
                outcomes.append(error)
                continue
            kept.append(event)
            outcomes.append(self._outcome(record, event, admission))
        self.revisions.keep(kept)
        self.index.write(documents)
        return outcomes

    def _outcome(self, record: StoredRecord, event: ExtractedBulletin, admission: Admission) -> Outcome:
        said = [self._status(event, word, record.header(names.TRACEPARENT)) for word in admission.words]
        return Emit(said) if admission.head is not None else Skip(STALE, said)

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


def _entered(event: ExtractedBulletin, heads: dict[str, Head], documents: dict[str, Sequence[Document]]) -> Admission:
    """Admit an event on top of what the batch wrote before it."""
    admission = admit(heads.get(event.bulletin_id), event)
    if admission.head is not None:
        documents[event.bulletin_id] = documents_of(event, admission.head)
        heads[event.bulletin_id] = admission.head
    return admission
