"""The dictionaries: files of words, and the segmenter that is used where nothing else is configured."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from .characters import has_useless, regularise
from .segmenter import Segmenter

WORDS: Final = Path(__file__).with_name("words.txt")
"""The project's own words (also IK's ``ext_dict`` where Elasticsearch is used)."""
QUANTIFIERS: Final = Path(__file__).with_name("quantifiers.txt")
"""The project's own measure words."""

_WRITTEN_NUMBER: Final = "第?[一二两三四五六七八九十零百千万亿廿]{2}[^ \n]* [0-9]+ mq?$"
_JIEBA_WORD: Final = re.compile(f"^(?!{_WRITTEN_NUMBER})([^ \n]{{2,}}) [0-9]+ [a-z]+$", re.MULTILINE)
"""A word of several characters in jieba's file, unless it is a written-out number; one expression, because every process
that cuts texts waits for it at its start."""


class DictionaryError(ValueError):
    """A dictionary file cannot be used; the message names the file, the reason and the remedy."""


def load_words(path: Path) -> list[str]:
    """Read a dictionary file in IK's format: UTF-8 (with or without BOM), one word a line, ``#`` begins a comment line.

    Raises OSError if the file cannot be read, DictionaryError if it is not UTF-8 or holds no word that can be found.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DictionaryError(
            f"dictionary {path} is not UTF-8 (byte {error.start}): save it as UTF-8, one word a line"
        ) from error
    words = [word for line in lines if (word := line.strip()) and not word.startswith("#")]
    if all(has_useless(word) for word in words):
        raise DictionaryError(
            f"dictionary {path} has no word that can be found: put one word alone on each line, without spaces"
        )
    return words


@cache
def words_version() -> str:
    """Return a short hash of the project's own word lists: an index that was cut with others must be made anew."""
    return hashlib.sha256(WORDS.read_bytes() + QUANTIFIERS.read_bytes()).hexdigest()[:8]


@cache
def default_segmenter() -> Segmenter:
    """Return the segmenter over jieba's dictionary (MIT) and the project's own words, built once per process."""
    return Segmenter([*_jieba_words(), *load_words(WORDS)], load_words(QUANTIFIERS))


def _jieba_words() -> list[str]:
    """Return the words of several characters that jieba ships, as they read in a regularised text.

    The file (``word frequency tag`` a line) is found without importing jieba, which would load it a second time and
    write a cache file. Left out are written-out numbers of two digits and more (三百, 二十一名): one of them inside a
    longer number would tear it and hide the measure word behind it. Measured against IK's own dictionary on news text,
    leaving them out gains precision (.915 → .916 of ik_max_word); other rules, by frequency or by tag, gain nothing on
    news and bulletins alike.
    """
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise DictionaryError("the package jieba, whose dictionary is the default, is not installed: install it")
    text = Path(spec.origin).with_name("dict.txt").read_text(encoding="utf-8")
    return regularise("\n".join(_JIEBA_WORD.findall(text))).split("\n")
