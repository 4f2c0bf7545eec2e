"""The ports of the runtime. Two engines stand behind them: one SQLite file on one machine, Kafka past one machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jianbao_streaming.outcomes import FatalError, TransientError
from jianbao_streaming.records import Record, StoredRecord


class LogUnavailableError(TransientError):
    """The log cannot take or give records now (disk full, broker away); nothing was written."""


class FencedError(FatalError):
    """Another member took this one's place: nothing of this commit was written, and nothing more may be."""


class StartOverError(Exception):
    """A commit was given up, or it cannot be known whether it was done: go on from the committed offsets.

    Never commit again from memory: what was done already would be done twice.
    """


class PayloadMissingError(Exception):
    """The payload store does not hold what a record refers to, or holds other bytes under that name."""


@dataclass(frozen=True, slots=True)
class TopicState:
    """What stands in a topic: `records` now, `first` and `end` offset summed over partitions, bytes of values."""

    topic: str
    records: int
    first: int
    end: int
    size: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Lag:
    """What waits before a group in a topic: so many records, the `oldest` of them appended then (None: none, or unknown)."""

    records: int
    oldest: datetime | None


class Member(Protocol):
    """One member of a consumer group: reads in order, and commits outputs and offsets as one."""

    def poll(self, max_records: int, timeout: float) -> Sequence[StoredRecord]:
        """Return the next records after those already polled, or none after `timeout` seconds.

        A standby (another member is active) gets none. Raises LogUnavailableError, FencedError.
        """

    def commit(self, consumed: Sequence[StoredRecord], outputs: Sequence[Record]) -> None:
        """Write all outputs and the offsets behind `consumed` atomically and durably, or nothing at all.

        Raises LogUnavailableError (nothing was written, try again) and FencedError.
        """

    def rewind(self) -> None:
        """Go back to the committed offsets: what was polled and not committed is polled again."""

    def lag(self) -> int:
        """Return how many records wait behind the committed offsets of this group."""

    @property
    def active(self) -> bool:
        """Whether this member is the one that reads; a standby waits for its turn."""

    def close(self) -> None:
        """Leave the group, so that a standby takes over at once."""


class Reader(Protocol):
    """Reads topics from their start, without a group and without committing: to keep state in memory, or to look."""

    def poll(self, max_records: int, timeout: float) -> Sequence[StoredRecord]:
        """Return the next records; none once all that was there when asked was read, and `timeout` seconds have passed.

        Raises LogUnavailableError.
        """

    def close(self) -> None:
        """Free what the reader holds."""


class Log(Protocol):
    """Durable topics of records, in order within a partition key."""

    def append(self, records: Sequence[Record]) -> None:
        """Append all records or none; return once they survive a power cut. Raises LogUnavailableError."""

    def join(self, group: str, topics: Sequence[str]) -> Member:
        """Join a consumer group. `topics` in order of urgency: records of the first are handed out first."""

    def reader(self, topics: Sequence[str], *, start: Mapping[str, int] | None = None) -> Reader:
        """Return a reader; `start` gives the first offset wanted by topic (default: the oldest kept)."""

    def end(self, topic: str) -> int:
        """Return how many records were ever appended to a topic (the sum over partitions of the end offsets)."""

    def committed(self, group: str, topic: str) -> int:
        """Return how many of them lie before the group's committed offsets (the sum over partitions)."""

    def topics(self) -> Sequence[TopicState]:
        """Return the state of every topic that has ever had a record."""

    def groups(self) -> Mapping[str, Mapping[str, Lag]]:
        """Return, by group, its lag in each topic that it has ever committed."""

    def close(self) -> None:
        """Free what the log holds; members and readers are closed on their own."""


class Payloads(Protocol):
    """Where values live that are too large for a log (claim check)."""

    def put(self, content: bytes) -> str:
        """Store content durably and return its name; the same content has the same name."""

    def get(self, name: str) -> bytes:
        """Return the content, checked against its name. Raises PayloadMissingError."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The records of one partition that a batch is about to handle: offsets `first` to `last`, both included."""

    topic: str
    partition: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """How often a claim was begun before without an end, and through which offset its records go alone."""

    deaths: int
    alone_through: int


class Attempts(Protocol):
    """Remembers which records were in hand when a process died, so that one that kills it can be isolated."""

    def begin(self, group: str, claim: Claim) -> Attempt:
        """Note, so that it survives this process, that a claim is about to be handled; tell what came before."""

    def isolate(self, group: str, claim: Claim) -> None:
        """From now on the claim's records are handled alone, each with a count of its own."""

    def clear(self, group: str, claims: Sequence[Claim]) -> None:
        """The claims were handled or given back: they kill nobody."""


class Clock(Protocol):
    """Time, injected so that tests need not wait."""

    def now(self) -> datetime:
        """Return the wall-clock time, UTC."""

    def monotonic(self) -> float:
        """Return seconds on a clock that never jumps."""

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass, or less if the process is asked to stop."""
