"""The handler loop: poll, handle outside any transaction, then write outputs and offsets as one."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from jianbao_streaming.claim_check import check_in, check_out
from jianbao_streaming.dead_letters import code_of, dead_letter
from jianbao_streaming.in_hand import handling, name_of
from jianbao_streaming.isolation import Portion, claims_of, portions
from jianbao_streaming.limit import DeadLetterLimit, DeadLetterLimitError
from jianbao_streaming.logs import summary
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
from jianbao_streaming.ports import (
    Attempt,
    Attempts,
    Claim,
    Clock,
    LogUnavailableError,
    Member,
    Payloads,
    StartOverError,
)
from jianbao_streaming.records import Record, StoredRecord
from jianbao_streaming.tracing import RecordSpan, StageSpans
from jianbao_streaming.trouble import Trouble

log = logging.getLogger(__name__)

FIRST_BACKOFF_S = 0.1
LONGEST_BACKOFF_S = 15.0

T = TypeVar("T")

StatusOf = Callable[[StoredRecord, Exception], Sequence[Record]]
"""What to say publicly of a record that became a dead letter."""


@dataclass(slots=True)
class StageLoop:
    """One stage at work. `name` is that of its group, and of its dead-letter and retry topics.

    `when_idle` is called whenever the active member finds nothing to do; it may raise TransientError. `spans` is None
    while traces are off. `trouble` tells others what stands in the way.
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
    spans: StageSpans | None = None
    trouble: Trouble = field(default_factory=Trouble)
    most_records: int = 200
    poll_timeout_s: float = 0.5
    _stands_by: bool = field(default=False, init=False)
    _oldest: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Let the metric of waiting go on while a batch is tried again and again."""
        self.metrics.lag_seconds.set_function(self.waited_s)

    def waited_s(self) -> float:
        """Return for how many seconds the oldest record in hand has been in the log, 0 where none is."""
        oldest = self._oldest
        return 0.0 if oldest is None else max(0.0, self.clock.now().timestamp() - oldest / 1000)

    def run(self) -> None:
        """Handle records until asked to stop; a batch in hand is finished first. Raises FatalError."""
        while not self.stopping.is_set():
            self.step()

    def step(self) -> int:
        """Handle what one poll brings; return how many records were committed."""
        self.alive()
        done = 0
        try:
            batch = self._until_it_heals(lambda: self.member.poll(self.most_records, self.poll_timeout_s))
            self._note_turn()
            self._oldest = min((record.timestamp for record in batch), default=None)
            if not batch and self.member.active:
                self._until_it_heals(self.when_idle)
            for portion in self._portions(batch):
                done += self._handle(portion)
        except StoppedError:
            return 0
        except StartOverError as error:
            self.metrics.retries.inc()
            log.warning("%s: %s; going on from the committed offsets", self.name, error)
            return done
        with suppress(LogUnavailableError):  # a figure for operators is no reason to end
            lag = self.member.lag() if self.member.active else 0
            self.metrics.lag.set(lag)
            self._oldest = self._oldest if lag else None
        return done

    def _note_turn(self) -> None:
        """Say when the turn of this process has come; that it stands by is told by the member, who knows for whom."""
        self.metrics.active.set(self.member.active)
        if self._stands_by and self.member.active:
            log.info("%s: this process handles the records now", self.name)
        self._stands_by = not self.member.active

    def _handle(self, portion: Portion) -> int:
        records = portion.records
        spans = self.spans.begin(records) if self.spans else []
        with self.metrics.batch_seconds.time(), handling(records):
            try:
                if portion.kills:
                    reason = f"{portion.deaths} processes died while handling this record alone"
                    outcomes: Sequence[Outcome] = [InvalidEvent("kills_process", reason)]
                else:
                    outcomes = self._until_it_heals(lambda: self._outcomes(records))
                made = self._made(portion, outcomes, spans)
                outputs = [self._stored(output) for of_one in made for output in of_one]
                self._until_it_heals(lambda: self.member.commit(records, outputs))
            except (StoppedError, DeadLetterLimitError, StartOverError):
                self._give_back(records)
                raise
        self._count(outcomes)
        for span, outcome, of_one in zip(spans, outcomes, made, strict=False):
            span.end(outcome, of_one)
        return len(records)

    def _portions(self, batch: Sequence[StoredRecord]) -> Iterator[Portion]:
        """Yield the batch's portions; each is begun only once that can be noted."""
        try:
            yield from portions(self.name, batch, _Patient(self.attempts, self._until_it_heals)) if batch else ()
        except StoppedError:
            self._give_back(batch)
            raise

    def _stored(self, output: Record) -> Record:
        return self._until_it_heals(lambda: check_in(output, self.payloads))

    def _give_back(self, records: Sequence[StoredRecord]) -> None:
        """Let another process have the records, as if this one had never begun them."""
        try:
            self.attempts.clear(self.name, claims_of(records))
            self.member.rewind()
        except TransientError as error:
            log.warning("%s: what was in hand could not be noted as given back: %s", self.name, error)

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
            with handling(records):
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

    def _made(
        self, portion: Portion, outcomes: Sequence[Outcome], spans: Sequence[RecordSpan]
    ) -> list[Sequence[Record]]:
        """Return the outputs of each record."""
        made = [
            self._outputs(record, outcome, portion) for record, outcome in zip(portion.records, outcomes, strict=True)
        ]
        return [span.stamp(of_one) for span, of_one in zip(spans, made, strict=True)] if spans else made

    def _outputs(self, record: StoredRecord, outcome: Outcome, portion: Portion) -> Sequence[Record]:
        match outcome:
            case Emit(records) | Skip(_, records):
                self.limit.note(bug=False)
                return records
            case error:
                bug = not isinstance(error, InvalidEvent)
                with handling([record]):
                    said = ("%s: %s became a dead letter: %s", self.name, name_of(record), summary(error))
                    log.warning(*said, exc_info=error if bug else None)
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
                done = act()
            except TransientError as error:
                tries += 1
                self.metrics.retries.inc()
                self.trouble.note(self.clock.now(), str(error))
                delay = min(FIRST_BACKOFF_S * 2 ** min(tries, 16), LONGEST_BACKOFF_S)
                delay *= random.uniform(0.5, 1.0)  # noqa: S311 - jitter, so that stages do not knock in step
                log.warning("%s: %s; trying again in %.1f s (try %d)", self.name, error, delay, tries)
                self.alive()
                self.clock.wait(delay)
                if self.stopping.is_set():
                    raise StoppedError from error
            else:
                if tries:
                    self.trouble.over()
                return done


@dataclass(frozen=True, slots=True)
class _Patient:
    """Attempts that wait until they can be noted: a full disk must not look like a record that kills its process."""

    attempts: Attempts
    until_it_heals: Callable[[Callable[[], Any]], Any]

    def begin(self, group: str, claim: Claim) -> Attempt:
        attempt: Attempt = self.until_it_heals(lambda: self.attempts.begin(group, claim))
        return attempt

    def isolate(self, group: str, claim: Claim) -> None:
        self.until_it_heals(lambda: self.attempts.isolate(group, claim))

    def clear(self, group: str, claims: Sequence[Claim]) -> None:
        self.until_it_heals(lambda: self.attempts.clear(group, claims))
