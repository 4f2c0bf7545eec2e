"""Simplified or Traditional: which script a paragraph is in, and the conversion to Simplified.

Conversion is OpenCC's, with configurations that never rewrite words (no `…p`): they map character to character, so a
position in the converted text is the same position before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, TypedDict

import opencc

ParagraphScript = Literal["simplified", "traditional", "mixed"]
Variant = Literal["t2s", "tw2s", "hk2s"]

_HAN_RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_MOSTLY = 0.9
"""Share from which a paragraph counts as one script; a quoted brand or name in the other stays below the rest."""

_TAIWAN = re.compile("隨著|接著|沿著|圍繞著|著力|跟著|憑著|藉著")
_HONG_KONG = re.compile("[衞枱敍]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORK = re.compile("(?<=[專名原論編譯巨遺顯卓昭土衣合新所撰拙執])著")
"""著 as in 專著, 顯著 stays 著 in Simplified; OpenCC's Taiwan table turns some of these into 着."""


class _Evidence(TypedDict):
    traditional: frozenset[str]
    simplified: frozenset[str]


def script_of(paragraph: str) -> ParagraphScript | None:
    """Return the script that the paragraph's telling characters are in; None where no character tells.

    A character tells for Traditional if Simplified never uses it (it changes under t2s, not under s2t, and GB 2312
    lacks it); for Simplified the mirror image (and Big5 lacks it). Right for 98-100 % of windows of 20 Han.
    """
    evidence = _evidence()
    traditional = sum(1 for character in paragraph if character in evidence["traditional"])
    simplified = sum(1 for character in paragraph if character in evidence["simplified"])
    if traditional + simplified == 0:
        return None
    share = traditional / (traditional + simplified)
    if share >= _MOSTLY:
        return "traditional"
    return "simplified" if share <= 1 - _MOSTLY else "mixed"


def variant_of(text: str) -> Variant:
    """Return the regional standard a Traditional text follows, by the characters only Taiwan or Hong Kong write."""
    if _HONG_KONG.search(text):
        return "hk2s"
    return "tw2s" if "着" not in text and _TAIWAN.search(text) else "t2s"


def to_simplified(text: str, variant: Variant | None = None) -> str:
    """Return the text in Simplified characters, of the same length, whatever the text holds.

    `variant` is what `variant_of` says of the whole document; by default it is judged from this text alone.

    Raises:
        AssertionError: the converter changed the length, so that every offset after it would be wrong.
    """
    chosen = variant or variant_of(text)
    converted = _convert(text, chosen)
    if chosen == "tw2s":
        converted = _with(converted, "著", _WORK.finditer(text))
    if len(converted) != len(text):
        raise AssertionError(f"OpenCC {chosen} changed the length of a text from {len(text)} to {len(converted)}")
    return converted


@cache
def is_traditional_form(character: str) -> bool:
    """Tell whether this one character is written otherwise in Simplified."""
    return _convert(character, "t2s") != character


def _convert(text: str, variant: Variant) -> str:
    lone = [(match.start(), match.group()) for match in _SURROGATE.finditer(text)]
    if not lone:
        return str(_converter(variant).convert(text))
    converted = list(str(_converter(variant).convert(_SURROGATE.sub("\ufffd", text))))
    for position, surrogate in lone:
        converted[position] = surrogate
    return "".join(converted)


def _with(text: str, character: str, places: Iterable[re.Match[str]]) -> str:
    characters = list(text)
    for match in places:
        characters[match.start()] = character
    return "".join(characters)


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@cache
def _evidence() -> _Evidence:
    han = [chr(code) for first, end in _HAN_RANGES for code in range(first, end)]
    to_simple = _each(han, "t2s")
    to_traditional = _each(han, "s2t")
    return {
        "traditional": frozenset(
            c for c in han if to_simple[c] != c and to_traditional[c] == c and not _has(c, "gb2312")
        ),
        "simplified": frozenset(c for c in han if to_traditional[c] != c and to_simple[c] == c and not _has(c, "big5")),
    }


def _each(characters: list[str], name: str) -> dict[str, str]:
    lines = str(_converter(name).convert("\n".join(characters))).split("\n")
    return dict(zip(characters, lines, strict=True))


def _has(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
