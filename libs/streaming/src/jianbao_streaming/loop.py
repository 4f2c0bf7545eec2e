"""The handler loop: poll, handle outside any transaction, then write outputs and offsets as one."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from jianbao_streaming.claim_check import check_in, check_out
from jianbao_streaming.dead_letters import code_of, dead_letter
from jianbao_streaming.isolation import Portion, claims_of, portions
from jianbao_streaming.limit import DeadLetterLimit
from jianbao_streaming.metrics import StageMetrics
from jianbao_streaming.outcomes import (
    BatchHandler,
    Emit,
    FatalError,
    InvalidEvent,
    Outcome,
    Skip,
    StoppedError,
    TransientError,
)
from jianbao_streaming.ports import Attempts, Clock, Member, Payloads
from jianbao_streaming.records import Record, StoredRecord

log = logging.getLogger(__name__)

FIRST_BACKOFF_S = 0.1
LONGEST_BACKOFF_S = 15.0

T = TypeVar("T")

StatusOf = Callable[[StoredRecord, Exception], Sequence[Record]]
"""What to say publicly of a record that became a dead letter."""


@dataclass(slots=True)
class StageLoop:
    """One stage at work. `name` is that of its group, and of its dead-letter and retry topics.

    `when_idle` is called whenever the active member finds nothing to do; it may raise TransientError.
    """

    name: str
    member: Member
    handler: BatchHandler
    payloads: Payloads
    attempts: Attempts
    clock: Clock
    service_version: str
    status_of: StatusOf
    metrics: StageMetrics
    stopping: threading.Event
    alive: Callable[[], None] = lambda: None
    when_idle: Callable[[], None] = lambda: None
    limit: DeadLetterLimit = field(default_factory=DeadLetterLimit)
    most_records: int = 200
    poll_timeout_s: float = 0.5

    def run(self) -> None:
        """Handle records until asked to stop; a batch in hand is finished first. Raises FatalError."""
        while not self.stopping.is_set():
            self.step()

    def step(self) -> int:
        """Handle what one poll brings; return how many records were committed."""
        self.alive()
        try:
            batch = self._until_it_heals(lambda: self.member.poll(self.most_records, self.poll_timeout_s))
            self.metrics.active.set(self.member.active)
            if not batch and self.member.active:
                self._until_it_heals(self.when_idle)
            done = 0
            for portion in portions(self.name, batch, self.attempts) if batch else ():
                done += self._handle(portion)
        except StoppedError:
            return 0
        self.metrics.lag.set(self.member.lag() if self.member.active else 0)
        return done

    def _handle(self, portion: Portion) -> int:
        records = portion.records
        with self.metrics.batch_seconds.time():
            try:
                if portion.kills:
                    reason = f"{portion.deaths} processes died while handling this record alone"
                    outcomes: Sequence[Outcome] = [InvalidEvent("kills_process", reason)]
                else:
                    outcomes = self._until_it_heals(lambda: self._outcomes(records))
                outputs = [
                    check_in(output, self.payloads)
                    for record, outcome in zip(records, outcomes, strict=True)
                    for output in self._outputs(record, outcome, portion)
                ]
                self._until_it_heals(lambda: self.member.commit(records, outputs))
            except StoppedError:
                self.attempts.clear(self.name, claims_of(records))
                self.member.rewind()
                raise
        self._count(outcomes)
        return len(records)

    def _outcomes(self, records: Sequence[StoredRecord]) -> list[Outcome]:
        """Return what became of each record; one whose payload is missing does not reach the handler."""
        outcomes: list[Outcome] = []
        complete: list[tuple[int, StoredRecord]] = []
        for place, record in enumerate(records):
            try:
                complete.append((place, check_out(record, self.payloads)))
                outcomes.append(Skip("pending"))
            except InvalidEvent as error:
                outcomes.append(error)
        answers = self._ask([record for _, record in complete])
        for (place, _), answer in zip(complete, answers, strict=True):
            outcomes[place] = answer
        return outcomes

    def _ask(self, records: Sequence[StoredRecord]) -> Sequence[Outcome]:
        """Ask the handler. A bug that spoils a whole batch is narrowed down to the records that meet it alone."""
        if not records:
            return []
        try:
            answers = self.handler(records)
        except (TransientError, FatalError, StoppedError):
            raise
        except Exception as error:
            if len(records) == 1:
                return [error]
            log.exception("%s: a batch of %d failed as a whole; trying its records one by one", self.name, len(records))
            return [answer for record in records for answer in self._ask([record])]
        if len(answers) != len(records):
            raise FatalError(f"{self.name}: the handler gave {len(answers)} outcomes for {len(records)} records")
        return answers

    def _outputs(self, record: StoredRecord, outcome: Outcome, portion: Portion) -> Sequence[Record]:
        match outcome:
            case Emit(records) | Skip(_, records):
                self.limit.note(bug=False)
                return records
            case error:
                bug = not isinstance(error, InvalidEvent)
                place = f"{record.topic}/{record.partition}/{record.offset}"
                log.warning("%s: %s became a dead letter: %r", self.name, place, error, exc_info=error if bug else None)
                self.limit.note(bug=bug)
                letter = dead_letter(
                    record,
                    error,
                    stage=self.name,
                    service_version=self.service_version,
                    attempts=portion.deaths + 1,
                    at=self.clock.now(),
                )
                return [letter, *self.status_of(record, error)]

    def _count(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            match outcome:
                case Emit():
                    self.metrics.emitted.inc()
                case Skip(reason, _):
                    self.metrics.skipped.inc()
                    self.metrics.reason(reason)
                case error:
                    self.metrics.dead_lettered.inc()
                    self.metrics.reason(code_of(error))

    def _until_it_heals(self, act: Callable[[], T]) -> T:
        """Do `act` until no TransientError stands in the way. Raises StoppedError when asked to stop meanwhile."""
        tries = 0
        while True:
            try:
                return act()
            except TransientError as error:
                tries += 1
                self.metrics.retries.inc()
                delay = min(FIRST_BACKOFF_S * 2 ** min(tries, 16), LONGEST_BACKOFF_S)
                delay *= random.uniform(0.5, 1.0)  # noqa: S311 - jitter, so that stages do not knock in step
                log.warning("%s: %s; trying again in %.1f s (try %d)", self.name, error, delay, tries)
                self.alive()
                self.clock.wait(delay)
                if self.stopping.is_set():
                    raise StoppedError from error
