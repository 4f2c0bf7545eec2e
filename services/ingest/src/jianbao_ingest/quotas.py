"""How many pushes an office may make a Beijing day: counted from the receipts, which all replicas share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from jianbao_contracts import Office, RawPush
from jianbao_ingest.domain.cursors import BEIJING
from jianbao_ingest.domain.problems import ProblemError, refuse
from jianbao_streaming import Clock

RECOUNT_S = 5.0
"""How old a count may be while there is room: what other replicas take meanwhile is seen after that."""

LONGEST_LAG_S = 60.0
"""A push that has no receipt by then was not taken after all, or receipts stand still: it is not held against its office."""

Count = Callable[[str, datetime, int, Sequence[str]], Awaitable[tuple[int, set[str]]]]
"""Returns how many publications an office has pushed since a moment, as far as counted (at most so many), and which of
some pushes are known."""


@dataclass(slots=True)
class _Day:
    """One office on one day. `pending`: when this process let a push in that had no receipt at the last count."""

    begin: datetime
    counted: int = 0
    counted_at: float = float("-inf")
    pending: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Quotas:
    """Lets pushes in, or refuses them.

    Exact for one process. Several replicas may together let in what they take within RECOUNT_S beyond the quota: it
    keeps a runaway client from filling the disk, and is no account. A retraction is always let in: an office must be
    able to take back what should not be public; so is a push that is known, which is sent again.
    """

    count: Count
    clock: Clock
    _days: dict[str, _Day] = field(default_factory=dict)

    async def let_in(self, office: Office, push: RawPush) -> None:
        """Return if the push may be taken. Raises ProblemError 429, or 503 where it cannot be counted."""
        quota = office.quota_per_day
        if quota is None or push.operation == "retract":
            return
        begin = midnight(push.received_at)
        day = self._days.get(office.office)
        if day is None or day.begin != begin:
            day = self._days[office.office] = _Day(begin)
        now = self.clock.monotonic()
        day.pending.setdefault(push.push_id, now)
        if now - day.counted_at <= RECOUNT_S and day.counted + len(day.pending) <= quota:
            return
        asked = list(day.pending)
        counted, known = await self.count(office.office, begin, quota, asked)
        day.counted, day.counted_at = counted, now
        day.pending = {
            push_id: since
            for push_id, since in day.pending.items()
            if push_id not in known and now - since < LONGEST_LAG_S
        }
        if push.push_id in known or counted + len(day.pending) <= quota:
            return
        day.pending.pop(push.push_id, None)
        raise used_up(quota, push.received_at)


def midnight(moment: datetime) -> datetime:
    """Return when the Beijing day of a moment began."""
    return moment.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)


def used_up(quota: int, moment: datetime) -> ProblemError:
    """Return the refusal of a push above the quota; Retry-After is the next midnight in Beijing."""
    wait = midnight(moment) + timedelta(days=1) - moment
    told = refuse("quota_used_up", quota=quota).problem
    return ProblemError(replace(told, retry_after=int(wait.total_seconds()) + 1))
