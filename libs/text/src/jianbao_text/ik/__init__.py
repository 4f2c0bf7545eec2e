"""Chinese word segmentation as IK Analyzer does it: ``ik_max_word`` and ``ik_smart``."""

from .dictionary import QUANTIFIERS, WORDS, DictionaryError, default_segmenter, load_words, words_version
from .lexemes import Token
from .segmenter import STOP_WORDS, Segmenter

__all__ = [
    "QUANTIFIERS",
    "STOP_WORDS",
    "WORDS",
    "DictionaryError",
    "Segmenter",
    "Token",
    "default_segmenter",
    "load_words",
    "words_version",
]
