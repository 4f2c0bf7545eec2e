"""The letter sub-segmenter: words in Latin letters, Arabic numbers, and mixed runs with connectors."""

from __future__ import annotations

import re
from typing import Final

from .lexemes import ARABIC, ENGLISH, LETTER, TURN_ARABIC, TURN_ENGLISH, TURN_LETTER, Claim

_ENGLISH: Final = re.compile("[A-Za-z]+")
_ARABIC: Final = re.compile("[0-9][0-9,.]*")
_MIXED: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z#&+\-.@_]*")


def letter_claims(text: str) -> list[Claim]:
    """Find the letter lexemes of a regularised window: ``abc`` and ``12`` and ``abc-12`` of ``abc-12``.

    A number keeps the ``,`` and ``.`` inside it but none at its end; a mixed run keeps the connectors at its end too.
    """
    last = len(text) - 1
    claims: list[Claim] = []
    for match in _MIXED.finditer(text):
        begin, end = match.span()
        claims.append((min(end, last), TURN_LETTER, begin, end, LETTER))
    if not claims:
        return claims
    for match in _ENGLISH.finditer(text):
        begin, end = match.span()
        claims.append((min(end, last), TURN_ENGLISH, begin, end, ENGLISH))
    for match in _ARABIC.finditer(text):
        begin, found = match.span()
        end = begin + len(match[0].rstrip(",."))
        claims.append((min(found, last), TURN_ARABIC, begin, end, ARABIC))
    return claims
