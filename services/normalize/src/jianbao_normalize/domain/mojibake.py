"""Whole runs read with the wrong charset: UTF-8 as GBK (鏂囨槑), UTF-8 or GBK as Latin (æ–‡æ˜Ž, ÎÄÃ÷)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from jianbao_text.alignment import Edit
from jianbao_text.charset import common_characters

_BEYOND_LATIN = re.compile(r"[\u2010-\u2fff\u3001-\uffff][\u2010-\uffff]{2,}")
"""Three characters of two bytes each are the least that two characters of three bytes can have become."""
_HIGH = (
    "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a"
    "\u20ac\u2122"
)
"""What CP1252 has between 0x80 and 0x9F."""
_UTF8_AS_LATIN = re.compile(f"(?:[\xe2-\xe9\xef][\x80-\xbf{_HIGH}]{{2}})+")
_GBK_AS_LATIN = re.compile("(?:[\xb0-\xf7][\xa1-\xfe]){2,}")
_UTF8 = re.compile(
    b"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){2,}(?:(?:[\xe3-\xe9\xef][\x80-\xbf]?)?\xff+[\x80-\xbf]{0,2}(?:[\xe3-\xe9\xef][\x80-\xbf]{2})*)*"
)
"""Characters of three bytes, which all of Chinese are, between places that were given up."""
_GIVEN_UP = re.compile("\ufffd+")
_LEAST_SIGNS = 3
_LEAST_COMMON = 0.7
"""Share of common characters a run must have when read again; the rest were given up by the decoder before us."""


def find_mojibake(text: str) -> list[Edit]:
    """Return the runs that read as Chinese in the charset they were written in, ascending, with that reading."""
    found = [(m.start(), m.end(), read) for m in _UTF8_AS_LATIN.finditer(text) if (read := _common(m.group(), "utf-8"))]
    if not found:
        found = [
            (m.start(), m.end(), read) for m in _GBK_AS_LATIN.finditer(text) if (read := _common(m.group(), "gbk"))
        ]
    if len(_utf8_as_gbk().findall(text)) >= _LEAST_SIGNS:
        for match in _BEYOND_LATIN.finditer(text):
            found += [
                (match.start() + start, match.start() + end, read) for start, end, read in _from_gbk(match.group())
            ]
    return sorted(found)


def _common(run: str, codec: str) -> str | None:
    """The run's bytes read with the codec, if that gives common Chinese characters throughout."""
    try:
        read = b"".join(_latin_byte(character) for character in run).decode(codec)
    except UnicodeDecodeError:
        return None
    return read if set(read) <= common_characters() else None


def _latin_byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1", errors="ignore")


def _from_gbk(run: str) -> Iterator[Edit]:
    """The parts of a run whose GBK bytes are UTF-8; where GBK could not pair bytes, a character was given up."""
    if not _utf8_as_gbk().search(run):
        return
    codes = [b"\xff" if character == "\ufffd" else character.encode("gb18030", "replace") for character in run]
    places = {place: number for number, place in enumerate(accumulate(map(len, codes), initial=0))}
    for match in _UTF8.finditer(b"".join(codes)):
        read = _GIVEN_UP.sub("\ufffd", match.group().decode("utf-8", errors="replace"))
        start, end = places.get(match.start()), places.get(match.end())
        if end is None:
            # The last pair holds one byte of a character that was cut off.
            end, read = places[match.end() + 1], read + "\ufffd"
        if start is not None and sum(c in common_characters() for c in read) >= _LEAST_COMMON * len(read):
            yield (start, end, read)


@cache
def _utf8_as_gbk() -> re.Pattern[str]:
    """What the first two bytes of 锛 (，), 銆 (。) and of every Han character's UTF-8 become, less what people write."""
    pairs = [bytes((lead, trail)) for lead in range(0xE4, 0xEA) for trail in range(0x80, 0xA1)]
    signs = {pair.decode("gbk", errors="ignore") for pair in [*pairs, b"\xef\xbc", b"\xe3\x80"]}
    return re.compile(f"[{''.join(sorted(signs - common_characters()))}]")
