"""What differs: the log against the index, against the stages' words and against the receipts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jianbao_contracts import ON_THE_WAY, Stage, identity
from jianbao_contracts.audit_repair import Drift
from jianbao_standalone.audit.facts import Facts, Push
from jianbao_standalone.audit.sources import Held
from jianbao_standalone.audit.states import Standing


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is wrong. `stage`: who has to say or do it again; `revision`: which one of the bulletin; `ce_id`:
    by which raw record it was decided."""

    kind: Drift
    what: str
    bulletin_id: str
    push_id: str | None = None
    revision: int | None = None
    stage: Stage | None = None
    ce_id: str | None = None

    @property
    def office(self) -> str:
        """Whose it is."""
        return identity.office_of(self.bulletin_id)

    @property
    def key(self) -> tuple[str, str, str | None]:
        """What tells it from any other, also when it is found again."""
        return (self.kind, self.bulletin_id, self.push_id)


def against_index(facts: Facts, held: Mapping[str, Held]) -> Iterator[Difference]:
    """Yield what the index lacks, has too old, in part, or should not have."""
    for bulletin, version in facts.latest.items():
        if bulletin not in facts.moving:
            yield from _lacking(bulletin, version, held.get(bulletin))
    for bulletin, one in held.items():
        stored = facts.stored.get(bulletin)
        known = max(facts.promised.get(bulletin, 0), stored[-1].version if stored else 0)
        if known == 0:
            yield Difference("ghost", "the index holds a bulletin that the log does not know", bulletin)
        elif one.version is not None and one.version > known:
            what = f"the index holds {_named(one.version)}, and the log knows nothing above {_named(known)}"
            yield Difference("ghost", what, bulletin)


def _lacking(bulletin: str, version: int, held: Held | None) -> Iterator[Difference]:
    revision = version // identity.GENERATIONS
    if held is None or held.version is None:
        yield Difference("missing", f"{_named(version)} is not in the index", bulletin, revision=revision)
    elif held.version < version:
        what = f"the index holds {_named(held.version)}, the log {_named(version)}"
        yield Difference("stale", what, bulletin, revision=revision)
    elif held.articles != held.found:
        what = f"the head says {held.articles} articles, and {held.found} are in the index"
        yield Difference("incomplete", what, bulletin, revision=revision)


def _named(version: int) -> str:
    revision, generation = divmod(version, identity.GENERATIONS)
    return f"revision {revision}" if generation == 1 else f"revision {revision} (generation {generation})"


def of_push(push: Push, found: Standing, facts: Facts, *, in_index: bool) -> Difference | None:
    """Return what is wrong about one push, or None.

    `in_index`: the index is right about its bulletin; where it is not, that is told of the bulletin already.
    """
    moving = push.bulletin_id in facts.moving
    if found.second is not None:
        return _of(push, found, "twice", f"it is {found.state}, and its decision says {found.second}")
    if found.state is None:
        if found.stage == "search" and (moving or not in_index):
            return None
        return _of(push, found, "lost", f"{found.stage} has read it, and nothing came of it")
    if moving or push.retried or push.push_id in facts.moving:
        return None
    if push.receipt is None:
        return _of(push, found, "missing_receipt", f"it is {found.state}, and has no receipt")
    if not _agree(push.receipt, found):
        return _of(push, found, "wrong_receipt", f"it is {found.state}, and its receipt says {push.receipt}")
    if what := facts.wrong_words.get(push.push_id):
        return _of(push, found, "wrong_receipt", what)
    return None


def _of(push: Push, found: Standing, kind: Drift, what: str) -> Difference:
    return Difference(kind, what, push.bulletin_id, push.push_id, push.revision, found.stage, push.ce_id)


def _agree(told: str, found: Standing) -> bool:
    """On its way a push may be told further than counted: its next record is appended together with its word."""
    return told == found.state or told in found.also or (told in ON_THE_WAY and found.state in ON_THE_WAY)
