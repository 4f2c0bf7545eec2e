"""The state of a push as its own source has it: log offsets, decisions, dead letters, index and stored revisions.

Receipts are no source: they are what is compared. The furthest stage that has something of a push decides, as in a
receipt; a push that no source has is in no state, and the equation of its day does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jianbao_contracts import Stage, State, identity
from jianbao_search.domain.words import Revision, words_on
from jianbao_standalone.audit.facts import Push, Reach
from jianbao_standalone.audit.sources import Held


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a push, the stage whose source says so, and which other states a receipt may tell of it.

    `state` None: no source has it, and `stage` is the one that read its record last. `second`: a state that another
    source has it in, though the two exclude each other.
    """

    state: State | None
    stage: Stage
    also: frozenset[State] = frozenset()
    second: State | None = None


def standing(push: Push, stored: Sequence[Revision], held: Held | None, promised: int) -> Standing:
    """Return where a push stands.

    `stored` are its bulletin's revisions, `held` is what the index has of the bulletin, `promised` the highest version
    that the log has: an index that is ahead of it proves nothing.
    """
    published = _published(push, stored, held, promised)
    decided = _verdict(push)
    if published is None:
        return _decided(push, decided)
    return published if decided is None else replace(published, second=decided)


def _published(push: Push, stored: Sequence[Revision], held: Held | None, promised: int) -> Standing | None:
    """Return what stands behind normalize, or None where nothing does."""
    searched = _searched(push, stored, held, promised)
    if searched is not None:
        return Standing(searched, "search", _after_failing(push, searched))
    way: tuple[tuple[Stage, Reach], ...] = (("search", push.extracted), ("extract", push.normalized))
    for stage, waiting in way:
        failed = _failed(push, stage)
        if failed is not None:
            return failed
        if waiting == "waiting":
            return Standing("extracted" if stage == "search" else "normalized", _BEFORE[stage])
        if waiting == "read":
            return Standing(None, stage)
    return None


_BEFORE: Mapping[Stage, Stage] = {"search": "extract", "extract": "normalize"}


def _searched(push: Push, stored: Sequence[Revision], held: Held | None, promised: int) -> State | None:
    place = next((n for n, revision in enumerate(stored) if revision.push_id == push.push_id), None)
    if place is None:
        return None
    own, after = stored[place], stored[place + 1] if place + 1 < len(stored) else None
    if after is None:
        version = held.version if held is not None else None
        if held is None or version is None or version < own.version:
            return None
        if version <= promised and version // identity.GENERATIONS > own.revision:
            return "withdrawn" if held.withdrawn else "superseded"  # the next revision is in the index, if not stored
    return words_on(own, None, after)[0].state


def _after_failing(push: Push, searched: State) -> frozenset[State]:
    """A revision may have been stored before its indexing failed, and be overtaken before or after it was dropped."""
    if push.letter("search") in ("open", "dropped") and searched in ("superseded", "withdrawn"):
        return frozenset({"dead_lettered", "dropped"})
    return frozenset()


def _failed(push: Push, stage: Stage) -> Standing | None:
    letter = push.letter(stage)
    if letter is None or (letter == "replayed" and stage not in push.retried):
        return None
    return Standing("dropped" if letter == "dropped" else "dead_lettered", stage)


def _verdict(push: Push) -> State | None:
    """Return the state in which normalize's decision has left it, if it made no revision that goes on."""
    if push.verdict == "repeated" or push.verdict == "superseded" or push.verdict == "rejected":
        return push.verdict
    return None


def _decided(push: Push, verdict: State | None) -> Standing:
    if not push.read:
        return Standing("accepted", "ingest")  # it may be decided already, but nobody was told
    if verdict is not None:
        return Standing(verdict, "normalize")
    return _failed(push, "normalize") or Standing(None, "normalize")
