"""Damaged places: found by what the damage leaves behind, mended only where the bytes allow one reading.

What cannot be read with certainty becomes U+FFFD, one for a lost character, and is reported either way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from jianbao_normalize.domain.gbk_shifts import LOST, find_shifts
from jianbao_normalize.domain.mojibake import find_mojibake
from jianbao_text.alignment import Edit, Edited

Kind = Literal["gbk_shift", "mojibake", "replacement", "lost"]


@dataclass(frozen=True, slots=True)
class DamagedPlace:
    """`[start, end)` of the original is damaged. `restored` is what stands in the text now, null if not certain."""

    start: int
    end: int
    kind: Kind
    restored: str | None = None
    evidence: Literal["bytes", "second_copy"] | None = None


_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_REPLACED = re.compile("\ufffd+")
_PRIVATE = re.compile("[\x80-\x84\x86-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]+")
_LOST_CHARACTER = re.compile(rf"(?<={_HAN})\?(?=[,，。、；：])")
"""A question mark never stands before a comma; a lost character read with a GBK decoder does."""
_ASKING = re.compile("[吗嗎呢么麼吧谁誰哪何几幾怎啥否]")


def mend(text: Edited) -> tuple[Edited, list[DamagedPlace]]:
    """Return the text with damage mended or marked by U+FFFD, and the damaged places in order."""
    places: list[DamagedPlace] = []
    for kind, find in _FINDERS:
        found = find(text.text)
        places += [_place(text, edit, kind) for edit in found]
        text = text.edit(found)
    return text, sorted(_outermost(places), key=lambda place: place.start)


def _place(text: Edited, edit: Edit, kind: Kind) -> DamagedPlace:
    start, end, restored = edit
    origin = text.origin(start, end)
    if LOST in restored:
        return DamagedPlace(*origin, kind)
    return DamagedPlace(*origin, kind, restored, "bytes")


def _replaced(text: str) -> list[Edit]:
    """Characters that a decoder before us already gave up."""
    return [(match.start(), match.end(), match.group()) for match in _REPLACED.finditer(text)]


def _private(text: str) -> list[Edit]:
    """Characters that no text contains: private use, and the control block that CP1252 text falls into."""
    return [(match.start(), match.end(), LOST * len(match.group())) for match in _PRIVATE.finditer(text)]


def _swallowed(text: str) -> list[Edit]:
    return [
        (match.start(), match.end(), LOST)
        for match in _LOST_CHARACTER.finditer(text)
        if not _ASKING.search(text, max(0, match.start() - 2), match.start())
    ]


def _outermost(places: list[DamagedPlace]) -> list[DamagedPlace]:
    """A place marked by one finder is seen again by the one for U+FFFD: report it once."""
    kept: list[DamagedPlace] = []
    for place in sorted(places, key=lambda place: (place.start, -place.end, place.kind == "replacement")):
        if not kept or place.end > kept[-1].end or place.start == place.end:
            kept.append(place)
    return kept


_FINDERS: tuple[tuple[Kind, Callable[[str], list[Edit]]], ...] = (
    ("replacement", _replaced),
    ("mojibake", find_mojibake),
    ("gbk_shift", find_shifts),
    ("mojibake", _private),
    ("lost", _swallowed),
)
