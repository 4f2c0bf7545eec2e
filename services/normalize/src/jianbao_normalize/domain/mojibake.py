"""Whole runs read with the wrong charset: UTF-8 as GBK (鏂囨槑), UTF-8 or GBK as Latin (æ–‡æ˜Ž, ÎÄÃ÷)."""

from __future__ import annotations

import re
from functools import cache

from jianbao_text.alignment import Edit
from jianbao_text.charset import common_characters

_BEYOND_LATIN = re.compile(r"[\u2010-\u2fff\u3001-\uffff][\u2010-\uffff]{3,}")
_HIGH = (
    "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a"
    "\u20ac\u2122"
)
"""What CP1252 has between 0x80 and 0x9F."""
_UTF8_AS_LATIN = re.compile(f"(?:[\xe2-\xe9\xef][\x80-\xbf{_HIGH}]{{2}})+")
_GBK_AS_LATIN = re.compile("(?:[\xb0-\xf7][\xa1-\xfe]){2,}")
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
        found += [(m.start(), m.end(), read) for m in _BEYOND_LATIN.finditer(text) if (read := _from_gbk(m.group()))]
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


def _from_gbk(run: str) -> str | None:
    """Bytes that GBK could not pair were given up then, each with its character."""
    if not _utf8_as_gbk().search(run):
        return None
    code = run.encode("gb18030", errors="replace").replace("\ufffd".encode("gb18030"), b"\xff")
    read = _GIVEN_UP.sub("\ufffd", code.decode("utf-8", errors="replace"))
    common = sum(1 for character in read if character in common_characters())
    return read if common >= _LEAST_COMMON * len(read) else None


@cache
def _utf8_as_gbk() -> re.Pattern[str]:
    """What the first two bytes of 锛 (，), 銆 (。) and of every Han character's UTF-8 become, less what people write."""
    pairs = [bytes((lead, trail)) for lead in range(0xE4, 0xEA) for trail in range(0x80, 0xA1)]
    signs = {pair.decode("gbk", errors="ignore") for pair in [*pairs, b"\xef\xbc", b"\xe3\x80"]}
    return re.compile(f"[{''.join(sorted(signs - common_characters()))}]")
