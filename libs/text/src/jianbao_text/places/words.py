"""Two-character words, to tell 新乡 the city from 创新|乡村, and which short names are ordinary words as well.

Source: the dictionary of jieba (words, frequencies, part of speech).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

FREQUENT: Final = 20
"""Dictionary frequency from which a two-character string counts as a word in its own right."""


def word_set(words: str) -> frozenset[str]:
    """The words of a blank-separated list."""
    return frozenset(words.split())


NEWER: Final = word_set("线上 线下 网上 掌上 云上 县域 市域 城区 县区 都市")
"""Words of today's office prose that the dictionary lacks or has hardly seen."""


_PAIR: Final = re.compile("^([^ \n]{2}) ([0-9]+) ([a-z]+)$", re.MULTILINE)


@cache
def _two_character_words() -> dict[str, tuple[int, str]]:
    """Return frequency and part of speech by word. Found without importing jieba, which would load far more than this."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "the package jieba, whose dictionary tells words from names, is not installed: install it"
        )
    text = Path(spec.origin).with_name("dict.txt").read_text(encoding="utf-8")
    return {word: (int(frequency), speech) for word, frequency, speech in _PAIR.findall(text)}


def frequency(pair: str) -> int:
    """How often the dictionary has seen the word; 0 for none."""
    return _two_character_words().get(pair, (0, ""))[0]


def is_word(pair: str) -> bool:
    """Whether two characters are a common word."""
    return frequency(pair) >= FREQUENT or pair in NEWER


def is_common_word(name: str) -> bool:
    """Whether the dictionary knows a short name as an ordinary word (和平, 新建), not as a name of a place or person."""
    return _two_character_words().get(name, (0, "ns"))[1] not in _NAMES


def speech(pair: str) -> str:
    """Return the part of speech that the dictionary gives two characters (n, v, vn, …), or nothing where it has none."""
    return _two_character_words().get(pair, (0, ""))[1]


_NAMES: Final = frozenset({"ns", "nr", "nrt", "nrfg", "nt", "nz"})
"""Parts of speech of proper names."""
