"""How text becomes index terms; queries and documents go through the same door.

All text here is Simplified already. It is folded (half width, lower case) before anything else; folding keeps every
character's place, so that offsets hold.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from jianbao_text.ik import default_segmenter
from jianbao_text.width import fold

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters that are words by themselves in a Chinese sentence, as a character class."""

_UNIT = re.compile(f"[{HAN}\ufffd]|[^\\W_{HAN}]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unit(NamedTuple):
    """A Han character, or a whole run of other letters or digits; offsets in code points."""

    start: int
    end: int
    text: str


def comparable(text: str) -> str:
    """Return text as terms are made from it, of the same length. Lone surrogates, which no index takes, become spaces."""
    return fold(_SURROGATE.sub(" ", text))


def words(text: str) -> list[str]:
    """Return every word of a text, overlapping ones too (`ik_max_word`): what documents are indexed by."""
    return [token.text for token in default_segmenter().max_word(comparable(text))]


def smart_words(text: str) -> list[Unit]:
    """Return the words of a query, each character in one word at most (`ik_smart`)."""
    folded = comparable(text)
    return [
        Unit(token.start, token.end, folded[token.start : token.end]) for token in default_segmenter().smart(folded)
    ]


def units(text: str) -> list[Unit]:
    """Return the characters, numbers and Latin words of a text in order, without punctuation and space.

    U+FFFD counts as a character, so that no phrase matches across a lost one.
    """
    return [Unit(found.start(), found.end(), found.group()) for found in _UNIT.finditer(comparable(text))]


def characters(text: str) -> list[str]:
    """Return `units` as their texts alone."""
    return _UNIT.findall(comparable(text))


def number_of(name: str) -> int:
    """Return a name as a 64-bit number, for columns of numbers; two names sharing one is out of reach by chance."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8])
