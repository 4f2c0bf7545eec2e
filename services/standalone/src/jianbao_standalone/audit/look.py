"""One audit: all sources read once, every push counted, everything compared; a second look before anything is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from jianbao_search.ports import IndexUnavailableError
from jianbao_standalone.audit.comparison import Difference, against_index, of_push
from jianbao_standalone.audit.equation import Sum, equation
from jianbao_standalone.audit.facts import Facts, Push, gather
from jianbao_standalone.audit.sources import Held, Index, Sources
from jianbao_standalone.audit.states import Standing, standing
from jianbao_streaming import Clock

SECOND_LOOK_S = 1.0
"""What was in flight at the first look has moved by the second: far more than a batch takes to be committed."""

INDEX_KINDS = frozenset({"missing", "stale", "incomplete"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which office and Beijing day an audit is about; None: all."""

    office: str | None = None
    day: date | None = None

    def holds(self, push: Push) -> bool:
        """Return whether a push is meant."""
        return self.office in (None, push.office) and self.day in (None, push.day)


@dataclass(frozen=True, slots=True)
class Findings:
    """What an audit found: the equation, row by row, and all differences."""

    sums: Sequence[Sum]
    differences: Sequence[Difference]
    finished_at: datetime

    @property
    def clean(self) -> bool:
        """Whether all is as it should be."""
        return not self.differences and not any(one.difference for one in self.sums)

    def record(self) -> dict[str, object]:
        """Return the findings in a stable JSON form."""
        drift = Counter(one.kind for one in self.differences)
        return {
            "clean": self.clean,
            "finished_at": self.finished_at.isoformat(),
            "pushes": sum(one.accepted for one in self.sums),
            "difference": sum(abs(one.difference) for one in self.sums),
            "drift": dict(sorted(drift.items())),
            "equation": [one.row() for one in self.sums],
            "differences": [
                {
                    "kind": one.kind,
                    "office": one.office,
                    "bulletin_id": one.bulletin_id,
                    "push_id": one.push_id,
                    "revision": one.revision,
                    "what": one.what,
                }
                for one in self.differences
            ],
        }


def audit(
    open_sources: Callable[[], AbstractContextManager[Sources]], index: Index, scope: Scope, clock: Clock
) -> Findings:
    """Return what is wrong. What looks wrong is looked at again a second later, and told only if it still does.

    The index is read after the log: what the indexer has committed by the log's moment is in it by then. Raises
    IndexUnavailableError, LogUnavailableError.
    """
    found = _once(open_sources, index, scope, clock)
    if found.clean:
        return found
    clock.wait(SECOND_LOOK_S)
    again = _once(open_sources, index, scope, clock)
    before = {one.key for one in found.differences}
    return Findings(again.sums, [one for one in again.differences if one.key in before], again.finished_at)


def _once(
    open_sources: Callable[[], AbstractContextManager[Sources]], index: Index, scope: Scope, clock: Clock
) -> Findings:
    with open_sources() as sources:
        facts = gather(sources)
    held = _held(index, facts)
    counted = [(push, _standing(push, facts, held)) for push in facts.pushes.values() if scope.holds(push)]
    meant = {push.bulletin_id for push, _ in counted} if scope.day else None
    of_index = [
        one
        for one in against_index(facts, held)
        if scope.office in (None, one.office) and (meant is None or one.bulletin_id in meant)
    ]
    wrong = {one.bulletin_id for one in of_index if one.kind in INDEX_KINDS}
    of_pushes = (of_push(push, found, facts, in_index=push.bulletin_id not in wrong) for push, found in counted)
    differences = [*of_index, *(one for one in of_pushes if one is not None)]
    return Findings(equation(counted), differences, clock.now())


def _held(index: Index, facts: Facts) -> dict[str, Held]:
    try:
        return {one.bulletin_id: one for one in index.held()}
    except IndexUnavailableError:
        if facts.latest:
            raise
        return {}  # the indexer has had nothing to index yet


def _standing(push: Push, facts: Facts, held: dict[str, Held]) -> Standing:
    bulletin = push.bulletin_id
    return standing(push, facts.stored.get(bulletin, ()), held.get(bulletin), facts.promised.get(bulletin, 0))
