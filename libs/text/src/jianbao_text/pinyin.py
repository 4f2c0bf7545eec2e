"""Pinyin annotations that a conversion to Traditional left behind: 責(zé)任.

Some web pages annotate every character of a fixed list with its reading. Genuine glosses in running text, such as
芝罘(fú), explain a rare character; they stay.
"""

from __future__ import annotations

import re

from jianbao_text.script import is_traditional_form

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgɡkhjqxrzcsyw])?"
_TONED = "(?:[āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜńňǹ]|[aeiouü][\u0304\u0301\u030c\u0300])"
_PLAIN = "[aɑeiouü]"

READING = rf"{_INITIAL}{_PLAIN}{{0,2}}{_TONED}{_PLAIN}{{0,2}}(?:ng|nɡ|n|r)?"
"""One lower-case syllable with exactly one tone mark."""

_TONELESS = rf"{_INITIAL}{_PLAIN}{{1,3}}(?:ng|n|r)?"
_ANNOTATION = re.compile(rf"(?<={_HAN})[(（]({READING})[)）]")
_NEUTRAL = re.compile(rf"(?<={_HAN})[(（]({_TONELESS})[)）]")

_ANNOTATED = 3
"""From this many toned annotations on a document is taken for annotated, and 們(men) for one more of them."""


def find_annotations(text: str) -> list[tuple[int, int]]:
    """Return the spans of annotations, brackets included, ascending.

    Only after a character that Simplified writes otherwise: the annotating pages list such characters alone (all 362
    of the sample), while an editor glosses a rare character, which is the same in both scripts. A reading without
    tone is taken only in a document that is plainly annotated, because (de), (ma) and (i) also mean other things.
    """
    found = _after_traditional(_ANNOTATION, text)
    if len(found) >= _ANNOTATED:
        found = sorted(found + _after_traditional(_NEUTRAL, text))
    return found


def readings(text: str) -> dict[str, set[str]]:
    """Return, for each reading that annotates, the characters it annotates in this text."""
    known: dict[str, set[str]] = {}
    for start, end in _after_traditional(_ANNOTATION, text):
        known.setdefault(text[start + 1 : end - 1], set()).add(text[start - 1])
    return known


def _after_traditional(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text) if is_traditional_form(text[match.start() - 1])]
