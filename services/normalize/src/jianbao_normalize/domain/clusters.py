"""Which cluster a revision belongs to, and whether its office wants it at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from jianbao_contracts import Relation
from jianbao_normalize.domain.announcements import Announcement
from jianbao_normalize.domain.duplicates import Match, compare

Policy = Literal["mark", "accept", "reject"]

JOINING = ("exact", "near")
"""Relations that make two bulletins one hit. A correction is shown beside its source, never merged with it."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A candidate that a look-up found and the comparison confirmed."""

    other: Announcement
    match: Match

    def relation(self) -> Relation:
        """Return it as the event tells it."""
        return Relation(
            bulletin_id=self.other.bulletin_id,
            revision=self.other.revision,
            source=self.other.source,
            relation=self.match.kinship,
            similarity=round(self.match.similarity, 4),
        )


def verify(own: Announcement, candidates: Sequence[Announcement]) -> list[Verified]:
    """Return the candidates that relate to `own`, one a bulletin (its most similar revision), earliest first.

    Only what was announced earlier, by another bulletin, counts: so of two copies exactly one sees the other.
    """
    best: dict[str, Verified] = {}
    for other in sorted(candidates, key=lambda candidate: candidate.sequence):
        if other.bulletin_id == own.bulletin_id or other.sequence >= own.sequence:
            continue
        match = compare(own, other)
        known = best.get(other.bulletin_id)
        if match is not None and (known is None or match.similarity > known.match.similarity):
            best[other.bulletin_id] = Verified(other, match)
    return sorted(best.values(), key=lambda verified: verified.other.sequence)


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a revision belongs. `rejected`: its office wants no duplicates, and it is one of a living bulletin."""

    cluster_id: str
    rejected: bool = False


def membership(
    own: Announcement,
    verified: Sequence[Verified],
    *,
    predecessor: Announcement | None,
    predecessor_cluster: str | None,
    policy: Policy,
    living: Callable[[str], bool],
) -> Membership:
    """Return the cluster of a revision: that of the earliest exact or near match, else its own.

    `predecessor`: the closest earlier announced revision of the same bulletin. A revision that is still close to it
    stays in its cluster, and is no new duplicate: its office only corrects what was taken in. It stays, too, where the
    match that it would join is close to the predecessor, for then that bulletin may have joined this one.
    """
    joining = [match for match in verified if match.match.kinship in JOINING]
    if predecessor is not None and predecessor_cluster is not None:
        nearest = (own, *(match.other for match in joining[:1]))
        if any(_is_close(revision, predecessor) for revision in nearest):
            return Membership(predecessor_cluster)
    if not joining or policy == "accept":
        return Membership(own.bulletin_id)
    rejected = policy == "reject" and any(living(match.other.bulletin_id) for match in joining)
    return Membership(joining[0].other.bulletin_id, rejected)


def _is_close(one: Announcement, other: Announcement) -> bool:
    match = compare(one, other)
    return match is not None and match.kinship in (*JOINING, "correction")
