"""Candidates for a look, by keys in an index: how many rows are read depends on these limits, never on what is stored.

What is found depends on earlier announcements alone, and these never change: a replay finds the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apsw

from jianbao_normalize.domain.announcements import Announcement
from jianbao_streaming.sqlite import select

A_KEY = 16
"""Rows read from either end of one band or sample: the earliest may be founders, the latest are often of the same days.
A true copy shares many keys, and not all of them with a crowd."""

SAME = 8
"""Earliest texts with the very same fingerprint that are looked at: the first of them is the founder."""

LOOKED_AT = 64
"""Of the announcements that share most keys so many are looked at more closely."""

BEST, EARLIEST, LEAST_ESTIMATE = 8, 8, 0.2
"""Of these, the likeliest copies and the earliest are compared exactly. An estimate from 126 minima is off by .04 as a
rule, so .2 loses few of the copies with a similarity of .25, which are few themselves."""

PARTS, LEAST_SAMPLES, SAMPLED_SHARE = 8, 3, 0.25
"""So many wholes and parts are compared exactly. A part shares at least this share of the samples of the shorter text:
.6 of the 3-character shingles in common leaves about .4 of the 5-character ones. Fewer than three are a phrase."""


@dataclass(frozen=True, slots=True)
class _Trace:
    """What is read of an announcement before it is worth reading whole."""

    sequence: int
    minhash: bytes
    sampled: int


def candidates(connection: apsw.Connection, own: Announcement) -> list[int]:
    """Return the sequences of what may be a copy, a whole or a part of `own`, each once."""
    found = [*_same(connection, own), *_copies(connection, own), *_wholes_and_parts(connection, own)]
    return list(dict.fromkeys(found))


def _same(connection: apsw.Connection, own: Announcement) -> list[int]:
    rows = select(
        connection,
        "SELECT sequence FROM normalize_fingerprint"
        " WHERE sha256 = ? AND sha256 <> '' AND sequence < ? AND bulletin_id <> ? ORDER BY sequence LIMIT ?",
        (own.sha256, own.sequence, own.bulletin_id, SAME),
    )
    return [row[0] for row in rows]


def _copies(connection: apsw.Connection, own: Announcement) -> list[int]:
    """Return those most alike by their minima, and the earliest ones, for a founder is among these."""
    shared = _shared(connection, "normalize_band", own.bands, own.sequence)
    estimates = [(own.estimate(trace.minhash), trace.sequence) for trace in _traces(connection, _most(shared, 1), own)]
    alike = [(estimate, sequence) for estimate, sequence in estimates if estimate >= LEAST_ESTIMATE]
    best = sorted(alike, key=lambda candidate: (-candidate[0], candidate[1]))[:BEST]
    return [sequence for _, sequence in best] + sorted(sequence for _, sequence in alike)[:EARLIEST]


def _wholes_and_parts(connection: apsw.Connection, own: Announcement) -> list[int]:
    shared = _shared(connection, "normalize_sample", own.samples, own.sequence)
    likely = [
        trace.sequence
        for trace in _traces(connection, _most(shared, LEAST_SAMPLES), own)
        if shared[trace.sequence] >= max(LEAST_SAMPLES, SAMPLED_SHARE * min(trace.sampled, len(own.samples)))
    ]
    return likely[:PARTS]


def _shared(connection: apsw.Connection, table: str, keys: Sequence[int], before: int) -> Counter[int]:
    """Count how many of the keys each earlier announcement has."""
    counts: Counter[int] = Counter()
    for key in keys:
        found: set[int] = set()
        for order in ("ASC", "DESC"):
            query = f"SELECT sequence FROM {table} WHERE key = ? AND sequence < ? ORDER BY sequence {order} LIMIT ?"
            rows = select(connection, query, (key, before, A_KEY))
            found.update(row[0] for row in rows)
            if len(rows) < A_KEY:
                break
        counts.update(found)
    return counts


def _most(counts: Counter[int], least: int) -> list[int]:
    """Return the announcements that share most keys, and so many at least; the earlier first among equals."""
    enough = sorted((-count, sequence) for sequence, count in counts.items() if count >= least)
    return [sequence for _, sequence in enough[:LOOKED_AT]]


def _traces(connection: apsw.Connection, sequences: Sequence[int], own: Announcement) -> Iterator[_Trace]:
    """Yield, in the order given, those of other bulletins made by the same scheme."""
    query = "SELECT bulletin_id, scheme, minhash, sampled FROM normalize_fingerprint WHERE sequence = ?"
    for sequence in sequences:
        ((bulletin_id, scheme, minhash, sampled),) = select(connection, query, (sequence,))
        if bulletin_id != own.bulletin_id and scheme == own.scheme:
            yield _Trace(sequence, minhash, sampled)
