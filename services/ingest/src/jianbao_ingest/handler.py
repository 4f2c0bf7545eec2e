"""The receipts process: reads pushes and the stages' words, keeps receipts, emits nothing."""

from __future__ import annotations

from collections.abc import Sequence

from jianbao_contracts import Event, Operation, StageStatus, topics
from jianbao_contracts.base import BulletinId, Moment, OfficeId, PushId
from jianbao_ingest.domain.receipts import PushFacts, Word
from jianbao_ingest.ports import ReceiptWriter
from jianbao_streaming import Emit, InvalidEvent, Outcome, StoredRecord
from jianbao_streaming.events import parse
from jianbao_streaming.repairs import first_place


class RawFacts(Event):
    """The part of a RawPush that a receipt needs; its content is not decoded for it."""

    push_id: PushId
    bulletin_id: BulletinId
    operation: Operation
    office: OfficeId
    source: str = ""
    received_at: Moment


class ReceiptsHandler:
    """A BatchHandler: tables first, offsets after, so that a crash in between only repeats what changes nothing."""

    def __init__(self, receipts: ReceiptWriter) -> None:
        self._receipts = receipts

    def __call__(self, batch: Sequence[StoredRecord]) -> list[Outcome]:
        """Keep all that can be read of a batch. Raises LogUnavailableError where the tables cannot be written."""
        pushes: list[PushFacts] = []
        words: list[Word] = []
        outcomes: list[Outcome] = []
        for record in batch:
            try:
                topic, place = first_place(record)
                if topic == topics.STATUS:
                    words.append(Word(parse(record, StageStatus), place))
                else:
                    pushes.append(_facts(record))
                outcomes.append(Emit(()))
            except InvalidEvent as error:
                outcomes.append(error)
        self._receipts.record(pushes, words)
        return outcomes


def _facts(record: StoredRecord) -> PushFacts:
    raw = parse(record, RawFacts)
    return PushFacts(raw.push_id, raw.bulletin_id, raw.office, raw.operation, raw.source, raw.received_at)
