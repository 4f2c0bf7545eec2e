"""The segmenter: IK's two ways to cut a text into tokens, over one automaton.

A port of the algorithm of IK Analyzer (infinilabs/analysis-ik, state of June 2026): the same lexemes, the same choice
among them, the same tokens in the same order. Where IK walks character by character through a tree of words, here one
Aho-Corasick pass finds every dictionary word and regular expressions find letters and numerals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final

from ahocorasick_rs import AhoCorasick

from .arbitrator import choose, groups
from .characters import astral_claims, has_useless, regularise, single_kind
from .letters import letter_claims
from .lexemes import ARABIC, MEASURE, NUMERAL, QUANTITY, TURN_WORD, WORD, Claim, Lexeme, Token
from .measures import Match, Measures, numeral_claims
from .windows import SIZE, end_of_window

STOP_WORDS: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "if",
        "in",
        "into",
        "is",
        "it",
        "no",
        "not",
        "of",
        "on",
        "or",
        "such",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "will",
        "with",
    ]
)
"""The stop words of IK's ``stopword.dic``: the 33 English ones of Lucene. Chinese words are never dropped."""

_by_begin = itemgetter(0)
_by_end = itemgetter(1)
_MERGED: Final = {(ARABIC, NUMERAL): NUMERAL, (ARABIC, MEASURE): QUANTITY, (NUMERAL, MEASURE): QUANTITY}


class Segmenter:
    """Cuts texts into tokens with a dictionary of words and one of measure words. Immutable, so threads may share it.

    Words are looked up in the regularised text as they are written: as in IK, a dictionary word with a full-width
    character or an ASCII capital is never found, nor one with a space or a punctuation mark.
    """

    def __init__(self, words: Iterable[str], quantifiers: Iterable[str]) -> None:
        self._automaton = AhoCorasick([word for word in dict.fromkeys(words) if word and not has_useless(word)])
        self._measures = Measures(quantifiers)

    def max_word(self, text: str) -> list[Token]:
        """Return every word that can be read in the text (``ik_max_word``), by begin, the longer first.

        A Han character is a token of its own where the walk meets no word. That walk goes on at the end of the *last*
        word, so the end of a longer one can come again as single characters: 国 in 中华人民共和国国歌.
        """
        return list(self._tokens(text, smart=False))

    def smart(self, text: str) -> list[Token]:
        """Return one reading of the text (``ik_smart``): no token overlaps another, and 18条 is one token."""
        return list(self._tokens(text, smart=True))

    def _tokens(self, text: str, *, smart: bool) -> Iterator[Token]:
        regular = regularise(text)
        start = 0
        while start < len(regular):
            window = regular[start : start + SIZE]
            lexemes = self._lexemes(window)
            end = len(window)
            if start + end < len(regular):
                end = end_of_window(window, lexemes)
                lexemes = [lexeme for lexeme in lexemes if lexeme[1] <= end]
            if smart:
                chosen = [lexeme for group, reach in groups(lexemes) for lexeme in choose(group, reach)]
                row = _merge(_fill(window, end, chosen))
            else:
                row = _fill(window, end, lexemes)
            for begin, stop, kind in row:
                reading = window[begin:stop]
                if reading not in STOP_WORDS:
                    yield Token(start + begin, start + stop, reading, kind)
            start += end

    def _lexemes(self, window: str) -> list[Lexeme]:
        matches = self._automaton.find_matches_as_indexes(window, overlapping=True)
        claims = letter_claims(window) + numeral_claims(window)
        claims += self._measures.claims(window, claims, matches) + astral_claims(window)
        kinds = _kinds(matches, claims) if claims else {}
        lexemes = [(begin, end, WORD) for _, begin, end in matches if (begin, end) not in kinds]
        lexemes += [(begin, end, kind) for (begin, end), kind in kinds.items()]
        lexemes.sort(key=_by_end, reverse=True)
        lexemes.sort(key=_by_begin)
        return lexemes


def _kinds(matches: Sequence[Match], claims: list[Claim]) -> dict[tuple[int, int], str]:
    """Give the lexemes that are not (only) dictionary words the kind under which IK finds them first."""
    words = {(begin, end) for _, begin, end in matches}
    kinds: dict[tuple[int, int], str] = {}
    for cursor, turn, begin, end, kind in sorted(claims):
        is_later = (begin, end) in words and (cursor, turn) > (end - 1, TURN_WORD)
        kinds.setdefault((begin, end), WORD if is_later else kind)
    return kinds


def _fill(window: str, end: int, lexemes: Iterable[Lexeme]) -> list[Lexeme]:
    """Put single characters between lexemes, up to ``end``, where the walk meets none."""
    row: list[Lexeme] = []
    index = 0
    for lexeme in lexemes:
        begin = lexeme[0]
        if index < begin:
            row += _singles(window, index, begin)
        row.append(lexeme)
        index = lexeme[1]
    row += _singles(window, index, end)
    return row


def _singles(window: str, begin: int, end: int) -> Iterator[Lexeme]:
    for index in range(begin, end):
        kind = single_kind(window[index])
        if kind is not None:
            yield index, index + 1, kind


def _merge(row: Iterable[Lexeme]) -> list[Lexeme]:
    """Join a number with the numeral or measure word that touches it: 3 + 万 + 元, 18 + 条."""
    merged: list[Lexeme] = []
    for lexeme in row:
        if merged and lexeme[2] in (MEASURE, NUMERAL):
            begin, end, kind = merged[-1]
            joined = _MERGED.get((kind, lexeme[2]))
            if joined is not None and end == lexeme[0]:
                merged[-1] = (begin, lexeme[1], joined)
                continue
        merged.append(lexeme)
    return merged
