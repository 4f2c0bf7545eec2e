"""One hit a cluster: which of its matching documents is shown, and in which order hits come.

Columns are numpy arrays: a common word matches most of what there is, and a step of Python for each of its documents
would take most of the time of an answer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Row: TypeAlias = Any
"""How an engine names a matching document; of no meaning outside of it."""

Sort = Literal["relevance", "date"]

Key = tuple[float, int, int]
"""What orders hits: smaller comes first, and no two are equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """All documents that match, as columns of one length. Clusters are unsigned 64-bit numbers."""

    rows: Sequence[Row]
    scores: NDArray[np.float64]
    clusters: NDArray[np.uint64]
    sequences: NDArray[np.int64]
    heads: NDArray[np.int64]
    published: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """One cluster among the hits, by the document that is shown."""

    row: Row
    score: float
    key: Key


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """All hits in order, as columns of one length."""

    rows: Sequence[Row]
    scores: NDArray[np.float64]
    ranks: NDArray[np.float64]
    sequences: NDArray[np.int64]
    clusters: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.rows)

    def page(self, first: int, size: int) -> list[Hit]:
        """Return up to `size` hits from place `first` on."""
        places = range(first, min(first + size, len(self)))
        return [Hit(self.rows[place], float(self.scores[place]), self._key(place)) for place in places]

    def after(self, key: Key) -> int:
        """Return the place where the hits behind `key` begin."""
        return bisect_right(range(len(self)), key, key=self._key)

    def _key(self, place: int) -> Key:
        return float(self.ranks[place]), int(self.sequences[place]), int(self.clusters[place])


def collapse(matches: Matches, sort: Sort) -> Hits:
    """Return one hit a cluster, in order.

    Shown is the member that came first; of its documents an article before a head, then the best score. The hit ranks
    by the best score in the cluster, so that a copy with a better match does not fall behind its own original.
    """
    grouped = np.lexsort((-matches.scores, matches.heads, matches.sequences, matches.clusters))
    clusters = matches.clusters[grouped]
    begins = np.flatnonzero(np.concatenate(([True], clusters[1:] != clusters[:-1]))) if len(grouped) else grouped
    shown = grouped[begins]
    best = np.maximum.reduceat(matches.scores[grouped], begins) if len(grouped) else matches.scores
    ranks = -best if sort == "relevance" else -matches.published[shown].astype(np.float64)
    order = np.lexsort((matches.clusters[shown], matches.sequences[shown], ranks))
    ordered = shown[order]
    return Hits(
        rows=[matches.rows[place] for place in ordered],
        scores=best[order],
        ranks=ranks[order],
        sequences=matches.sequences[ordered],
        clusters=matches.clusters[ordered],
    )
