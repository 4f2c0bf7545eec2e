"""What is announced of a bulletin revision, so that a near copy elsewhere finds it: fingerprint and text."""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jianbao_contracts import Fingerprint
from jianbao_normalize.domain.excerpts import samples
from jianbao_normalize.domain.profile import Profile, profile_of
from jianbao_text import fingerprints


@dataclass(frozen=True)
class Announcement:
    """One revision of a bulletin with all that it is found and compared by.

    `sha256` is of the text as it is compared (Simplified, half width, letters and digits only) and empty where nothing
    is left of it: texts without a word are not copies of each other. `minhash`: little-endian 32-bit minima.
    """

    bulletin_id: str
    revision: int
    source: str
    text: str
    sha256: str
    minhash: bytes
    scheme: str = fingerprints.SCHEME
    sequence: int = 0

    @cached_property
    def comparable(self) -> str:
        """The text as it is compared."""
        return fingerprints.comparable(self.text)

    @cached_property
    def shingles(self) -> NDArray[np.uint64]:
        """The set of its shingles, sorted."""
        return fingerprints.shingles(self.comparable)

    @cached_property
    def profile(self) -> Profile:
        """What tells it from other editions of the same text: series, issue, figures, dates, regions."""
        return profile_of(self.text)

    def at(self, sequence: int) -> Announcement:
        """Return the same with its place in the order of announcements; what was computed is kept."""
        placed = replace(self, sequence=sequence)
        placed.__dict__.update({name: value for name, value in self.__dict__.items() if name not in placed.__dict__})
        return placed

    @cached_property
    def bands(self) -> list[int]:
        """What near copies most likely share; empty for a text without shingles."""
        minima = np.frombuffer(self.minhash, dtype="<u4").astype(np.uint32)
        return fingerprints.bands(minima) if minima.size else []

    @cached_property
    def samples(self) -> list[int]:
        """What an excerpt and the whole share."""
        return samples(self.comparable)

    def estimate(self, minhash: bytes) -> float:
        """Return the estimated Jaccard similarity to a text of the same scheme by its minima."""
        own, other = np.frombuffer(self.minhash, dtype="<u4"), np.frombuffer(minhash, dtype="<u4")
        return float(np.mean(own == other)) if own.size and own.size == other.size else math.nan

    def fingerprint(self) -> Fingerprint:
        """Return what the event carries, so that the store can be rebuilt from the topic."""
        return Fingerprint(
            sha256=self.sha256 or hashlib.sha256(b"").hexdigest(),
            minhash=base64.b64encode(self.minhash).decode(),
            scheme=self.scheme,
        )


def announcement(bulletin_id: str, revision: int, source: str, text: str) -> Announcement:
    """Return what to announce of a clean text."""
    comparable = fingerprints.comparable(text)
    shingles = fingerprints.shingles(comparable)
    minima = fingerprints.minhash(shingles).astype("<u4").tobytes() if shingles.size else b""
    sha256 = hashlib.sha256(comparable.encode("utf-8", "surrogatepass")).hexdigest() if comparable else ""
    made = Announcement(bulletin_id, revision, source, text, sha256, minima)
    made.__dict__.update(comparable=comparable, shingles=shingles)
    return made
