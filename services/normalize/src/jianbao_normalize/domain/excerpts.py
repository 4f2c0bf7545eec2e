"""Samples by which an article is found inside a longer bulletin, whose MinHash has little in common with its own.

FracMinHash: of all 5-character shingles those are kept whose hash falls into one of `SHARE` equal parts of the range,
so a part of a text keeps the very samples that the whole keeps there. Measured on 150 bulletins of five to seven
articles: n = 5 finds every article with up to 10 % of its characters edited; a sparser sample than the measured 1 in 8
is enough here because what is found is compared exactly afterwards.
"""

from __future__ import annotations

import numpy as np

LENGTH = 5
SHARE = 24
MOST = 512
"""Samples of one text: what it costs stays bounded for a book. The lowest hashes are kept, the same in every text."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


def samples(comparable: str) -> list[int]:
    """Return the sampled shingle hashes of a comparable text, ascending, each in 0 … 2⁶³."""
    points = np.frombuffer(comparable.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    if points.size < LENGTH:
        return []
    hashes = np.zeros(points.size - LENGTH + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for place in range(LENGTH):
            hashes = (hashes ^ points[place : place + hashes.size]) * _MULTIPLIER
            hashes ^= hashes >> np.uint64(29)
        hashes *= _MIX
        hashes ^= hashes >> np.uint64(32)
    kept = np.unique(hashes[hashes < np.uint64(2**64 // SHARE)])
    return [int(value) for value in kept[:MOST]]
