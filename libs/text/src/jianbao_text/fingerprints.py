"""What near copies are found by: shingles of three characters, their MinHash, and bands of it.

Deterministic by construction: hash functions are fixed arithmetic on fixed constants, so a fingerprint made by any
process, on any machine, today or after a change of libraries, is comparable. A change here is a new `SCHEME`.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from jianbao_text.script import script_of, to_simplified
from jianbao_text.width import fold

SCHEME = "char3-k126-b42r3-v1"
"""Characters in a shingle, permutations, bands and rows, version of the constants. Bands of three rows find a pair of
Jaccard similarity .29 every second time, .5 in 99.7 of 100."""

SHINGLE = 3
PERMUTATIONS = 126
BANDS = 42
ROWS = 3
_SEED = 0x6A69616E62616F31
"""'jianbao1' in ASCII; every constant below is drawn from it."""

_NOT_COMPARED = re.compile(r"[\W_]+")

Shingles = NDArray[np.uint64]
MinHash = NDArray[np.uint32]


def comparable(text: str) -> str:
    """Return what counts when texts are compared: Simplified, half width, lower case, letters, digits and Han only."""
    simplified = text if script_of(text) in (None, "simplified") else to_simplified(text)
    return _NOT_COMPARED.sub("", fold(simplified))


def shingles(comparable: str) -> Shingles:
    """Return the hashes of all runs of three characters, ascending, each once. A shorter text is one shingle."""
    if not comparable:
        return np.empty(0, dtype=np.uint64)
    codes = np.frombuffer(comparable.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    codes = np.pad(codes, (0, max(0, SHINGLE - len(codes))))
    windows = len(codes) - SHINGLE + 1
    packed = np.zeros(windows, dtype=np.uint64)
    for offset in range(SHINGLE):
        packed = (packed << np.uint64(21)) | codes[offset : offset + windows]
    return np.unique(_mix(packed))


def minhash(shingles: Shingles) -> MinHash:
    """Return the least value of the shingles under each of 126 hash functions. No shingles: all ones."""
    least = np.full(PERMUTATIONS, 0xFFFFFFFF, dtype=np.uint32)
    for start in range(0, len(shingles), _CHUNK):
        chunk = shingles[start : start + _CHUNK, None]
        values = ((chunk * _FACTORS + _TERMS) >> np.uint64(32)).astype(np.uint32)
        least = np.minimum(least, values.min(axis=0))
    return least


def bands(minhash: MinHash) -> list[int]:
    """Return 42 signed 64-bit keys; texts that share one are candidates. The band's number is part of its key."""
    keys = np.arange(1, BANDS + 1, dtype=np.uint64)
    for row in minhash.reshape(BANDS, ROWS).T:
        keys = _mix(keys ^ row.astype(np.uint64))
    return [int(key) for key in keys.view(np.int64)]


def jaccard(a: Shingles, b: Shingles) -> float:
    """Return the share of shingles in both among those in either, 0 to 1; two empty sets are 1."""
    shared = _shared(a, b)
    union = len(a) + len(b) - shared
    return shared / union if union else 1.0


def containment(a: Shingles, b: Shingles) -> float:
    """Return the share of the shingles of `a` that are in `b`, 0 to 1; an empty set is contained."""
    return _shared(a, b) / len(a) if len(a) else 1.0


def _shared(a: Shingles, b: Shingles) -> int:
    return len(np.intersect1d(a, b, assume_unique=True))


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): each bit of the input changes half of the output."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _drawn(count: int, seed: int) -> NDArray[np.uint64]:
    """The first numbers of the splitmix64 stream of a seed."""
    steps = np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mix(steps + np.uint64(seed))


_CHUNK = 4096
_FACTORS = _drawn(PERMUTATIONS, _SEED) | np.uint64(1)
_TERMS = _drawn(PERMUTATIONS, _SEED ^ 0xFFFFFFFF)
