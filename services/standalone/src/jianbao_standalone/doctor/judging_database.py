"""What the database holding this or that means. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jianbao_standalone.doctor.findings import Finding, note, ok, problem
from jianbao_standalone.doctor.words import span
from jianbao_standalone.supervisor.clock_watch import LEAST_JUMP

LONGEST_WAIT = timedelta(minutes=1)
"""Beyond it offices wait for their receipts: a bulletin passes all stages in well under a second."""

EARLIEST = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
"""Before this program existed no clock that is right can stand."""

BUGS = frozenset({"internal_error", "invalid_event", "kills_process", "content_missing"})
"""Codes of dead letters that an operator has to do something about; the others an office mends by pushing again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Records before a group in a topic, and when the first of them was appended."""

    group: str
    topic: str
    records: int
    oldest: datetime | None


def judge_lag(waiting: Sequence[Waiting], now: datetime, data: str, *, served: bool) -> Iterator[Finding]:
    """Yield what stands before each stage."""
    for lag in waiting:
        age = now - lag.oldest if lag.oldest else timedelta(0)
        what = (
            f"{lag.records} records of {lag.topic} wait before {lag.group}, the first for {span(age.total_seconds())}"
        )
        if not served:
            yield note("lag", what, "they are handled at the next start", f"jianbao up --data {data}")
        elif age > LONGEST_WAIT:
            yield problem(
                "lag",
                what,
                "the stage is too slow, or waits for a disk; offices wait for their receipts",
                f"jianbao topics status --data {data}",
            )
        else:
            yield ok("lag", what)
    if not waiting:
        yield ok("lag", "every stage has handled all there is")


def judge_dead_letters(open_by_code: Mapping[str, int], data: str) -> Iterator[Finding]:
    """Yield the dead letters that nobody has dealt with, a code at a time."""
    for code, count in sorted(open_by_code.items()):
        show = f"jianbao dlq list --code {code} --data {data}"
        if code in BUGS:
            yield problem(
                "dead letters",
                f"{count} open with code {code}",
                "these bulletins are not searchable, and their offices can do nothing about it; nothing is lost",
                f"{show}; mend the cause, then: jianbao dlq replay --code {code} --data {data}",
            )
        else:
            yield note(
                "dead letters",
                f"{count} open with code {code}",
                "their offices were told in the receipts what to do; none of it is yours to mend",
                show,
            )
    if not open_by_code:
        yield ok("dead letters", "none is open")


def judge_clock(newest: datetime | None, now: datetime) -> Finding:
    """Return what the clock of this machine shows beside the newest record."""
    set_right = "timedatectl set-ntp true"
    if now < EARLIEST:
        return problem(
            "clock",
            f"this machine's clock shows {now:%Y-%m-%d %H:%M} UTC",
            "it was never set; receipts and dates of bulletins follow it",
            set_right,
        )
    if newest is not None and newest - now >= LEAST_JUMP:
        return problem(
            "clock",
            f"the clock stands {span((newest - now).total_seconds())} before the newest record",
            "it was set back, or it was wrong then; order and revisions do not depend on it, but receipts show it",
            set_right,
        )
    return ok("clock", f"shows {now:%Y-%m-%d %H:%M:%S} UTC, behind every record")
