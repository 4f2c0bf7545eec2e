"""How many dead letters there are, of which kind, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from jianbao_contracts import headers as names
from jianbao_standalone.beijing import day_of, utc
from jianbao_standalone.dead_letters.filter import DeadLetter
from jianbao_streaming import dead_letters as dlq

Key = tuple[str, str, str, str]
"""Stage, code, office and Beijing day (ISO) on which it failed last."""


@dataclass(slots=True)
class Stats:
    """Counts by key and by what became of them (open, replayed, dropped)."""

    counts: dict[Key, Counter[str]] = field(default_factory=dict)
    newest: datetime | None = None

    def rows(self) -> list[dict[str, str | int]]:
        """Return one row a key, in order: a stable JSON form."""
        return [
            {
                "stage": stage,
                "code": code,
                "office": office,
                "day": day,
                "open": self.counts[key]["open"],
                "replayed": self.counts[key]["replayed"],
                "dropped": self.counts[key]["dropped"],
            }
            for key in sorted(self.counts)
            for stage, code, office, day in [key]
        ]

    def total(self) -> dict[str, str | int | None]:
        """Return the sum of all rows, and when the newest one failed."""
        summed = sum(self.counts.values(), Counter[str]())
        return {
            "open": summed["open"],
            "replayed": summed["replayed"],
            "dropped": summed["dropped"],
            "newest": utc(self.newest) if self.newest else None,
        }


def count(letters: Iterable[DeadLetter]) -> Stats:
    """Return the counts of dead letters, each looked at once."""
    stats = Stats()
    for letter in letters:
        told = letter.record.header
        failed_at = letter.failed_at
        key = (letter.stage, told(dlq.CODE) or "", told(names.OFFICE) or "", day_of(failed_at).isoformat())
        stats.counts.setdefault(key, Counter())[letter.state] += 1
        stats.newest = max(stats.newest or failed_at, failed_at)
    return stats
