"""A dead letter as an operator sees it, and which ones are meant: the same filters for every verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jianbao_contracts import DeadLetterAction
from jianbao_contracts import headers as names
from jianbao_standalone import stages
from jianbao_standalone.beijing import utc
from jianbao_streaming import StoredRecord
from jianbao_streaming import dead_letters as dlq


class PlaceError(ValueError):
    """What was given is not the place of a dead letter."""


@dataclass(frozen=True, slots=True)
class Place:
    """How an operator names a dead letter: stage/partition/offset."""

    stage: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.stage}/{self.partition}/{self.offset}"


def place(text: str) -> Place:
    """Return the place that `text` names. Raises PlaceError."""
    stage, *numbers = text.split("/")
    if stage not in stages.NAMES or len(numbers) != 2 or not all(part.isascii() and part.isdigit() for part in numbers):
        raise PlaceError(f"{text!r} is no place of a dead letter: give STAGE/PARTITION/OFFSET as `dlq list` shows it")
    return Place(stage, int(numbers[0]), int(numbers[1]))


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter with what was done with it last, if anything."""

    stage: str
    record: StoredRecord
    done: DeadLetterAction | None

    @property
    def place(self) -> Place:
        """Where it lies."""
        return Place(self.stage, self.record.partition, self.record.offset)

    @property
    def state(self) -> str:
        """What became of it: open, replayed, dropped."""
        return {None: "open", "replay": "replayed", "drop": "dropped"}[self.done.action if self.done else None]

    @property
    def failed_at(self) -> datetime:
        """When it failed last."""
        return datetime.fromisoformat(self.record.header(dlq.FAILED_AT) or "1970-01-01T00:00:00+00:00")

    def summary(self) -> dict[str, str | int | None]:
        """Return what a list shows: a stable JSON form."""
        told = self.record.header
        return {
            "place": str(self.place),
            "state": self.state,
            "office": told(names.OFFICE),
            "bulletin_id": told(names.SUBJECT),
            "push_id": told(names.PUSH_ID),
            "code": told(dlq.CODE),
            "error_type": told(dlq.ERROR_TYPE),
            "reason": told(dlq.REASON),
            "failed_at": utc(self.failed_at) if told(dlq.FAILED_AT) else None,
            "attempts": told(dlq.ATTEMPTS),
            "replays": told(dlq.REPLAYS),
            "origin": f"{told(dlq.ORIGIN_TOPIC)}/{told(dlq.ORIGIN_PARTITION)}/{told(dlq.ORIGIN_OFFSET)}",
            "bytes": len(self.record.value or b""),
            "done": self.act(),
        }

    def act(self, moment: Callable[[datetime], str] = utc) -> str | None:
        """Return what was done with it last in words, or None; `moment` writes the time."""
        if self.done is None:
            return None
        why = f" ({self.done.reason})" if self.done.reason else ""
        return f"{self.done.action} by {self.done.operator} at {moment(self.done.at)}{why}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dead letters are meant; None: any. `since` and `until` (exclusive) are about when they failed last."""

    stage: str | None = None
    code: str | None = None
    error_type: str | None = None
    office: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    bulletin: str | None = None
    push: str | None = None
    places: frozenset[Place] = frozenset()
    done_too: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything at all is asked for: without it an act would be one on every open dead letter."""
        return self != Filter(done_too=self.done_too)

    def stages(self) -> tuple[str, ...]:
        """Return the stages whose dead letters can be meant."""
        named = {place.stage for place in self.places}
        return tuple(s for s in stages.NAMES if self.stage in (None, s) and (not named or s in named))

    def wants(self, letter: DeadLetter) -> bool:
        """Return whether a dead letter is meant."""
        told = letter.record.header
        return (
            (self.done_too or letter.done is None)
            and self.stage in (None, letter.stage)
            and self.code in (None, told(dlq.CODE))
            and self.error_type in (None, told(dlq.ERROR_TYPE))
            and self.office in (None, told(names.OFFICE))
            and self.bulletin in (None, told(names.SUBJECT))
            and self.push in (None, told(names.PUSH_ID))
            and (not self.places or letter.place in self.places)
            and (self.since is None or letter.failed_at >= self.since)
            and (self.until is None or letter.failed_at < self.until)
        )
