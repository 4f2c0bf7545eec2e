"""A batch in hand: its records on their way to an outcome, and the decision documents they need and change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jianbao_contracts import RawPush, identity
from jianbao_contracts import headers as names
from jianbao_contracts.topics import retries_of
from jianbao_normalize.domain.announcements import Announcement
from jianbao_normalize.domain.cleaning import CleanText
from jianbao_normalize.domain.decisions import Document
from jianbao_normalize.domain.revisions import Arrival
from jianbao_streaming import FatalError, InvalidEvent, Outcome, StoredRecord, TransientError
from jianbao_streaming.events import appended_at, parse
from jianbao_streaming.in_hand import handling

RETRIES = retries_of("normalize")


@dataclass(slots=True)
class Work:
    """One push on its way. `revision` is set once it makes one, `clean` and `announced` once it is read."""

    push: RawPush
    arrival: Arrival
    at: datetime
    traceparent: str | None
    revision: int = 0
    clean: CleanText | None = None
    announced: Announcement | None = None


@dataclass(slots=True)
class Batch:
    """All records of a batch. Steps run over what is still open; an exception is the outcome of its record alone."""

    works: list[Work | None] = field(default_factory=list)
    _records: list[StoredRecord] = field(default_factory=list)
    _outcomes: list[Outcome | None] = field(default_factory=list)
    _documents: dict[str, Document] = field(default_factory=dict)
    _changed: set[str] = field(default_factory=set)
    _push_ids: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, records: Sequence[StoredRecord]) -> Batch:
        """Return the batch of these records; one that holds no push is answered already."""
        batch = cls()
        for record in records:
            batch._records.append(record)
            try:
                work = _work(record)
                batch.works.append(work)
                batch._push_ids.add(work.push.push_id)
                batch._outcomes.append(None)
            except InvalidEvent as error:
                batch.works.append(None)
                batch._outcomes.append(error)
        return batch

    def each(self, step: Callable[[Work], Outcome | None]) -> None:
        """Do one step for every push that is still open, in order; what it returns or raises is the outcome."""
        for place, work in enumerate(self.works):
            if work is None or self._outcomes[place] is not None:
                continue
            try:
                with handling([self._records[place]]):
                    self._outcomes[place] = step(work)
            except (TransientError, FatalError):
                raise
            except Exception as error:  # noqa: BLE001 - one bad record must not spoil the others; the loop counts bugs
                self._outcomes[place] = error

    def open(self) -> list[Work]:
        """Return the pushes that have no outcome yet, in order."""
        pairs = zip(self.works, self._outcomes, strict=True)
        return [work for work, outcome in pairs if work is not None and outcome is None]

    def outcomes(self) -> list[Outcome]:
        """Return the outcomes, one a record."""
        return [outcome if outcome is not None else RuntimeError("left without outcome") for outcome in self._outcomes]

    def bulletin_ids(self) -> Collection[str]:
        """Return the bulletins that the batch is about."""
        return dict.fromkeys(work.push.bulletin_id for work in self.open())

    @property
    def push_ids(self) -> Collection[str]:
        """The pushes of the batch."""
        return self._push_ids

    def hold(self, documents: Iterable[Document]) -> None:
        """Take documents as they are stored now."""
        for document in documents:
            self._documents[document.bulletin_id] = document
            self._changed.discard(document.bulletin_id)

    def document(self, bulletin_id: str) -> Document | None:
        """Return a bulletin's document with all that this batch changed, or None if the batch is not about it."""
        return self._documents.get(bulletin_id)

    def decisions(self, work: Work) -> Document:
        """Return the document of the push's own bulletin."""
        return self._documents[work.push.bulletin_id]

    def change(self, document: Document) -> None:
        """Put a changed document in place of the one held; nothing happens if it is the same."""
        if document is not self._documents[document.bulletin_id]:
            self._documents[document.bulletin_id] = document
            self._changed.add(document.bulletin_id)

    def changed(self) -> list[Document]:
        """Return the documents that differ from what is stored."""
        return [self._documents[bulletin_id] for bulletin_id in sorted(self._changed)]


def _work(record: StoredRecord) -> Work:
    push = parse(record, RawPush)
    ce_id = record.header(names.ID)
    if not ce_id:
        raise InvalidEvent("invalid_event", f"a raw record without {names.ID}: a replay cannot be told from a resend")
    arrival = Arrival(
        push_id=push.push_id,
        ce_id=ce_id,
        operation=push.operation,
        sha256=push.sha256,
        received_at=push.received_at,
        place=f"{record.topic}/{record.partition}",
        revert=push.revert,
        retried=record.topic == RETRIES,
        declared=identity.declaration_id(push.declared),
    )
    return Work(push, arrival, appended_at(record), record.header(names.TRACEPARENT))
