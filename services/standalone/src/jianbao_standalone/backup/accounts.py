"""What a restored log lacks that the log before it had: told, so that offices know what to push again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import apsw

from jianbao_contracts import headers, topics
from jianbao_standalone.backup import snapshot
from jianbao_standalone.beijing import told
from jianbao_standalone.counted import counted
from jianbao_streaming.events import appended_at

PUSHED = (topics.RAW, topics.RAW_BACKFILL)


@dataclass(slots=True)
class Account:
    """Ends of topics before and after a restore, and the pushes that only the log before has."""

    ends: dict[str, tuple[int, int]] = field(default_factory=dict)
    pushes: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None

    def lines(self) -> list[str]:
        """Return what an operator is told."""
        lines = [
            f"  {topic}: ended at {before}, now ends at {after}"
            + (f" ({counted(before - after, 'record')} set aside)" if before > after else "")
            for topic, (before, after) in sorted(self.ends.items())
            if before != after
        ]
        if not self.pushes or self.first is None or self.last is None:
            return [*lines, "no acknowledged push is missing from the restored state"]
        missing = counted(self.pushes.total(), "acknowledged push", "acknowledged pushes")
        by_office = ", ".join(f"{office} {count}" for office, count in sorted(self.pushes.items()))
        return [
            *lines,
            f"{missing} {'is' if self.pushes.total() == 1 else 'are'} not in the restored state, from"
            f" {told(self.first)} to {told(self.last)}; by office: {by_office}",
            "their receipts answer 404 now: ask these offices to push again what they pushed in that time"
            " (the same push gets the same receipt number, and a push that did arrive is not taken twice)",
        ]


def compare(before: Path, after: Path) -> Account:
    """Return what the database `after` lacks of `before`; both lie still. Raises apsw.Error and the engine's errors."""
    old, new = snapshot.open_to_read(before, still=True), snapshot.open_to_read(after, still=True)
    try:
        ends_before, ends_after = snapshot.topic_ends(old), snapshot.topic_ends(new)
        account = Account(
            {topic: (ends_before.get(topic, 0), ends_after.get(topic, 0)) for topic in {*ends_before, *ends_after}}
        )
        for topic in PUSHED:
            for office, at in _only_in(old, new, topic, *account.ends.get(topic, (0, 0))):
                account.pushes[office] += 1
                account.first = min(account.first or at, at)
                account.last = max(account.last or at, at)
        return account
    finally:
        old.close()
        new.close()


def _only_in(
    old: apsw.Connection, new: apsw.Connection, topic: str, end_before: int, end_after: int
) -> Iterator[tuple[str, datetime]]:
    """Yield office and time of the pushes behind the place where the logs part.

    Logs only grow, so up to some offset they are the same and behind it they are not: found by halving. Retention
    deletes the oldest records of one earlier than of the other; those count as the same.
    """
    low, high = 0, min(end_before, end_after)
    while low < high:
        middle = (low + high) // 2
        here, there = snapshot.place(old, topic, middle), snapshot.place(new, topic, middle)
        if here == there or here is None or there is None:
            low = middle + 1
        else:
            high = middle
    for record in snapshot.records_from(old, topic, low):
        yield record.header(headers.OFFICE) or "unknown", appended_at(record)
