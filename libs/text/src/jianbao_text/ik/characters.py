"""How IK sees a character: its regularised form and the class that decides which sub-segmenter takes it.

The classes are the Unicode blocks named in IK's ``CharacterUtil``. Everything outside them (punctuation, spaces, but
also 〇 and 々, which Unicode keeps in a block of symbols) belongs to no token.
"""

from __future__ import annotations

import re
from typing import Final

from .lexemes import CHARACTER, OTHER_CJK, TURN_ASTRAL, Claim

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
OTHER: Final = "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\uac00-\ud7af\uff00-\uffef"
ASTRAL: Final = "\U00010000-\U0010ffff"

_REGULAR: Final[dict[int, int]] = {
    0x3000: 0x20,
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{code: code + 0x20 for code in range(ord("A"), ord("Z") + 1)},
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),  # no text to search for, and no automaton takes half a character
}
_IRREGULAR: Final = re.compile("[\u3000\uff01-\uff5eA-Z\ud800-\udfff]")
"""What `_REGULAR` changes. Most texts have little of it, and to pass over the rest is many times faster than translating."""
_USELESS: Final = re.compile(f"[^0-9A-Za-z{HAN}{OTHER}{ASTRAL}]")
_HAN: Final = re.compile(f"[{HAN}]")
_OTHER: Final = re.compile(f"[{OTHER}]")
_ASTRAL: Final = re.compile(f"[{ASTRAL}]")


def regularise(text: str) -> str:
    """Return the text half-width and its ASCII capitals in lower case, character for character (same length).

    One step only, as in IK: a full-width capital becomes a half-width capital.
    """
    return _IRREGULAR.sub(lambda found: chr(_REGULAR[ord(found[0])]), text)


def has_useless(word: str) -> bool:
    """Say whether a dictionary word has a character that ends every word, so that it can never be found."""
    return _USELESS.search(word) is not None


def is_han(character: str) -> bool:
    """Say whether a character is one of those that IK calls Chinese."""
    return "\u4e00" <= character <= "\u9fff" or _HAN.match(character) is not None


def single_kind(character: str) -> str | None:
    """Return the kind of token that a character makes by itself where no lexeme stands, None if it makes none."""
    if is_han(character):
        return CHARACTER
    return OTHER_CJK if _OTHER.match(character) else None


def astral_claims(text: str) -> list[Claim]:
    """Find the characters beyond the basic plane (rare Han, emoji): each is a lexeme of its own."""
    return [(m.start(), TURN_ASTRAL, m.start(), m.end(), CHARACTER) for m in _ASTRAL.finditer(text)]
