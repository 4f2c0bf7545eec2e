"""How two bulletins relate: copies, corrections, parts of each other, or distinct however similar.

A similarity alone cannot tell: last year's edition of a notice shares more with this year's than an edited copy with
its source. So likeness only makes a pair worth a look; figures, dates, regions, series and issue decide it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from jianbao_normalize.domain.announcements import Announcement
from jianbao_normalize.domain.profile import Fact, Kind, Profile
from jianbao_text.fingerprints import containment, jaccard
from jianbao_text.width import fold

Kinship = Literal["exact", "near", "correction", "contains", "contained_in"]

NEAR = 0.25
"""Least Jaccard similarity of 3-character shingles of a near copy. Measured: with a fifth of the characters edited .36
[.29], cut in half .52; unrelated texts at most .046."""

PART = 0.6
"""Least share of a part's shingles in the whole: with a tenth of its characters edited about .73."""

PART_SIZE = 0.7
"""A part is at most this share of the whole: above it the rest is a head and a foot, no other article."""

ALMOST_SAME = 0.9
"""Least likeness of the masked texts of a correction: its office changed facts, not the text (below: 98 % of the
characters stay)."""

CHANGED_SHARE = 0.5
"""Where this share of the aligned facts differs beyond what editing explains, it is another edition."""

SPREADS = 2.5
"""Standard deviations beyond the expected number of facts that editing changed: with 2 about one in forty copies with a
fifth of its characters edited was taken for another edition."""

EACH_KIND: tuple[tuple[Kind, ...], ...] = (("time",), ("figure",), ("region",))
EVERY_KIND: tuple[tuple[Kind, ...], ...] = (("time", "figure", "region"),)
"""One kind of facts is enough to tell an edition (the dates of a yearly notice), but not within one issue."""

OPENING, NEAR_START = 16, 0.15
"""Characters of a text's first paragraph, and how far into the other text they may stand, for one cut short."""


@dataclass(frozen=True, slots=True)
class Match:
    """How the later of two announcements relates to the earlier, with their similarity, 0 to 1."""

    kinship: Kinship
    similarity: float


def compare(later: Announcement, earlier: Announcement) -> Match | None:
    """Return how `later` relates to `earlier`; None: distinct."""
    if not later.sha256 or not earlier.sha256:
        return None
    if later.sha256 == earlier.sha256 and _decimals(later.text) == _decimals(earlier.text):
        return Match("exact", 1.0)
    similarity = jaccard(later.shingles, earlier.shingles)
    part = _part(later, earlier)
    if similarity < NEAR and part is None:
        return None
    mine, theirs = later.profile, earlier.profile
    if _other_issue(mine, theirs):
        return None
    differing = _differing_facts(mine, theirs)
    if differing.other_edition:
        return None
    if part is not None and (similarity < NEAR or not _cut_short(later, earlier)):
        return part
    if _series_agree(mine, theirs) and _is_correction(later, earlier, differing.changed):
        return Match("correction", similarity)
    return Match("near", similarity)


def _decimals(text: str) -> list[str]:
    """The comparable text has no points: 3.5 and 35 would be the same."""
    return re.findall(r"\d+\.\d+", re.sub(r"\s+", "", fold(text)))


def _part(later: Announcement, earlier: Announcement) -> Match | None:
    small, large = sorted((later, earlier), key=lambda side: len(side.shingles))
    if len(small.shingles) > PART_SIZE * len(large.shingles):
        return None
    share = containment(small.shingles, large.shingles)
    return Match("contained_in" if small is later else "contains", share) if share >= PART else None


def _cut_short(later: Announcement, earlier: Announcement) -> bool:
    """Whether the shorter is the beginning of the longer, and the longer does not introduce it among others.

    A bulletin opens with its masthead and contents; a text that leads in with both is cut short where the shorter has
    the same masthead, and an excerpt where it has none.
    """
    small, large = sorted((later, earlier), key=lambda side: len(side.comparable))
    if large.profile.series != small.profile.series:
        return False
    place = large.comparable.find(small.comparable[:OPENING])
    return 0 <= place <= NEAR_START * len(large.comparable)


def _series_agree(mine: Profile, theirs: Profile) -> bool:
    return mine.series is None or theirs.series is None or mine.series == theirs.series


def _other_issue(mine: Profile, theirs: Profile) -> bool:
    """Whether both name an issue of the same series, and not the same."""
    ours, other = mine.issue, theirs.issue
    if ours is None or other is None or mine.series is None or mine.series != theirs.series:
        return False
    pairs = ((ours.number, other.number), (ours.cumulative, other.cumulative), (ours.year, other.year))
    return any(a is not None and b is not None and a != b for a, b in pairs)


def _same_issue(mine: Profile, theirs: Profile) -> bool:
    if mine.issue is None or theirs.issue is None or mine.series is None:
        return False
    return mine.series == theirs.series and not _other_issue(mine, theirs)


@dataclass(frozen=True, slots=True)
class _Differing:
    changed: int
    other_edition: bool


def _differing_facts(mine: Profile, theirs: Profile) -> _Differing:
    """Compare the facts that stand in the same words in both texts."""
    same_issue = _same_issue(mine, theirs)
    edited = 1 - max(containment(mine.masked, theirs.masked), containment(theirs.masked, mine.masked)) ** (1 / 3)
    few, many = sorted((mine, theirs), key=lambda profile: len(profile.facts))
    aligned = [pair for pair in _aligned(few, many) if same_issue or not pair[0].furniture]
    groups = EVERY_KIND if same_issue else (*EACH_KIND, *EVERY_KIND)
    other = any(_mostly_changed([pair for pair in aligned if pair[0].kind in group], edited) for group in groups)
    years = bool(mine.title_years and theirs.title_years and not mine.title_years & theirs.title_years)
    changed = sum(not same for _, same in aligned)
    return _Differing(changed, other or (years and not same_issue))


def _mostly_changed(aligned: list[tuple[Fact, bool]], edited: float) -> bool:
    """Whether more facts differ than editing explains that changed the share `edited` of all other characters."""
    changed = sum(not same for _, same in aligned)
    chances = [1 - (1 - edited) ** fact.length for fact, _ in aligned]
    spread = math.sqrt(sum(chance * (1 - chance) for chance in chances))
    return changed >= CHANGED_SHARE * len(aligned) and changed > sum(chances) + 1 + SPREADS * spread


def _aligned(few: Profile, many: Profile) -> list[tuple[Fact, bool]]:
    """Return those facts of `few` that `many` has in the same words, each with whether its value is the same.

    `few` has the fewer facts: of a collection, most would find the same words in another article by chance.
    """
    found = []
    for fact in few.facts:
        known = [many.values[key] for key in fact.keys if key in many.values]
        if known:
            found.append((fact, any(fact.value in there for there in known)))
    return found


def _is_correction(later: Announcement, earlier: Announcement, changed: int) -> bool:
    """Whether the text is almost the same and a figure, a date, a region or a person's name is not."""
    return changed > 0 and jaccard(later.profile.masked, earlier.profile.masked) >= ALMOST_SAME
