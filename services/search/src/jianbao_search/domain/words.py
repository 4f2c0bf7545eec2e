"""What search says of which push: the last word on every revision follows from its neighbours alone.

A retraction is `withdrawn`. A publication is what the next revision made of it: `withdrawn` by a retraction, `superseded`
by another publication; without a next one it is `searchable`. The stored revisions are asked, not the index: they hold a
revision before anything is said of it, and outlive an index. So a replay of any stretch of the log, in any order and
over any index, ends with the same last word on every push.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jianbao_contracts import Operation, State, identity


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored revision without its event."""

    revision: int
    generation: int
    operation: Operation
    push_id: str
    received_at: str

    @property
    def version(self) -> int:
        """The version under which an index accepts it."""
        return identity.index_version(self.revision, self.generation)


@dataclass(frozen=True, slots=True)
class Word:
    """What search says of a push. `code` names the words an office is told, if any."""

    push_id: str
    revision: int
    generation: int
    state: State
    code: str | None = None
    refers_to: str | None = None


def words_on(own: Revision, before: Revision | None, after: Revision | None) -> tuple[Word, ...]:
    """Return what is true of a revision and of the one before it, given the closest stored ones on either side."""
    words = (_word(own, after),)
    return words if before is None else (*words, _word(before, own))


def last_retraction(revisions: Iterable[Revision]) -> int:
    """Return the number of the latest retraction, 0 where there is none: text of revisions before it is withdrawn."""
    return max((one.revision for one in revisions if one.operation == "retract"), default=0)


def _word(own: Revision, after: Revision | None) -> Word:
    if own.operation == "retract":
        return Word(own.push_id, own.revision, own.generation, "withdrawn", "withdrawn")
    if after is None:
        return Word(own.push_id, own.revision, own.generation, "searchable")
    state: State = "withdrawn" if after.operation == "retract" else "superseded"
    return Word(own.push_id, own.revision, own.generation, state, state, after.push_id)
