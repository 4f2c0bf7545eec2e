"""One hit a cluster: which of its matching documents is shown, and in which order hits come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Row: TypeAlias = Any
"""How an engine names a matching document; of no meaning outside of it."""

Sort = Literal["relevance", "date"]


@dataclass(frozen=True, slots=True)
class Matches:
    """All documents that match, as columns of one length. `rows` is how the engine names them."""

    rows: Sequence[Row]
    scores: Sequence[float]
    clusters: Sequence[int]
    sequences: Sequence[int]
    heads: Sequence[int]
    published: Sequence[int]


Key = tuple[float, int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A cluster's place among the hits. `key` orders hits: what is smaller comes first, and no two are equal."""

    row: Row
    score: float
    key: Key


def collapse(matches: Matches, sort: Sort) -> list[Hit]:
    """Return one hit a cluster, in order.

    Shown is the member that came first; of its documents an article before a head, then the best score. The hit ranks
    by the best score in the cluster, so that a copy with a better match does not fall behind its own original.
    """
    shown: dict[int, int] = {}
    best: dict[int, float] = {}
    sequences, heads, scores = matches.sequences, matches.heads, matches.scores
    for place, cluster in enumerate(matches.clusters):
        score = scores[place]
        other = shown.get(cluster)
        if other is None:
            shown[cluster] = place
            best[cluster] = score
            continue
        if score > best[cluster]:
            best[cluster] = score
        mine = (sequences[place], heads[place], -score)
        if mine < (sequences[other], heads[other], -scores[other]):
            shown[cluster] = place
    published = matches.published
    hits = [
        Hit(
            matches.rows[place],
            best[cluster],
            (-best[cluster] if sort == "relevance" else -published[place], sequences[place], cluster),
        )
        for cluster, place in shown.items()
    ]
    hits.sort(key=lambda hit: hit.key)
    return hits


def position_after(hits: Sequence[Hit], key: Key) -> int:
    """Return where the hits behind `key` begin."""
    low, high = 0, len(hits)
    while low < high:
        middle = (low + high) // 2
        if hits[middle].key <= key:
            low = middle + 1
        else:
            high = middle
    return low
