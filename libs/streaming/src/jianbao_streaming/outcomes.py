"""What can become of a record, and how a handler says so.

| what happened                         | expressed as             | the loop does                                |
| handled                               | `return Emit(...)`       | produce, commit                              |
| expected, not wanted                  | `return Skip(reason)`    | status, count by reason, commit              |
| the record is bad                     | `raise InvalidEvent`     | dead letter with the untouched record        |
| the world is bad and may heal         | `raise TransientError`   | back off, retry in place; never a dead letter|
| we are misconfigured, or fenced       | `raise FatalError`       | exit non-zero at once                        |
| a bug (any other exception)           | raised                   | as InvalidEvent, under the DeadLetterLimit   |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jianbao_streaming.in_hand import handling, turn_to
from jianbao_streaming.records import Record, StoredRecord


@dataclass(frozen=True, slots=True)
class Emit:
    """The record was handled; these records (events, statuses) are its outputs, in order."""

    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Skip:
    """The record was expected and is not wanted; `records` (a status, mostly) may say so to others."""

    reason: str
    records: Sequence[Record] = ()


class InvalidEvent(Exception):  # noqa: N818 - one of the two words of the outcome table
    """The record itself is bad: it will never be handled, however often it is tried."""

    def __init__(self, code: str, reason: str) -> None:
        """`code` is one of `jianbao_contracts.notices`; `reason` says what exactly is wrong, in English."""
        super().__init__(reason)
        self.code = code
        self.reason = reason


class TransientError(Exception):
    """The world is bad and may heal (disk full, server away): the whole batch is tried again in place."""


class FatalError(Exception):
    """This process must not go on: it is misconfigured, or another member took its place."""

    exit_code = 1
    """What the process ends with. Whoever starts it again knows by another code that this is of no use."""


class DamagedError(FatalError):
    """What is stored is damaged: no process may go on over it, or it is made worse. The message says what to do."""

    exit_code = 4


class StoppedError(Exception):
    """The process was asked to stop while it waited or prepared; what was in hand is given back."""


Outcome = Emit | Skip | Exception
"""What became of one record; an exception stands for InvalidEvent or a bug."""

BatchHandler = Callable[[Sequence[StoredRecord]], Sequence[Outcome]]
"""Answers one outcome a record, in order. May raise TransientError or FatalError for the batch as a whole."""


def each(handle: Callable[[StoredRecord], Emit | Skip]) -> BatchHandler:
    """Return a batch handler that hands records one by one to `handle`; one bad record does not spoil its batch."""

    def handle_batch(batch: Sequence[StoredRecord]) -> list[Outcome]:
        with handling(batch):
            return [outcome_of(handle, record) for record in batch]

    return handle_batch


def outcome_of(handle: Callable[[StoredRecord], Emit | Skip], record: StoredRecord) -> Outcome:
    """Return what `handle` returned, or the exception it raised; what concerns the whole batch is raised on."""
    turn_to(record)
    try:
        return handle(record)
    except (TransientError, FatalError, StoppedError):
        raise
    except Exception as error:  # noqa: BLE001 - a bug in one record must not stop the others; the loop counts it
        return error
