"""From bytes to text: UTF-8, UTF-16, GB18030 (with GBK and GB2312) and Big5 (with Hong Kong's supplement).

The rule: a byte order mark decides; else strict UTF-8; else the family under which most characters are common ones.
A declared charset is only a prior, because offices often declare what their server sends rather than what they saved.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

Charset = Literal["utf-8", "utf-16", "utf-32", "gb18030", "big5"]

_MARKS: tuple[tuple[bytes, Charset, str], ...] = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM6", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
)

_FAMILIES: dict[str, Charset] = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "hz": "gb18030",
    "big5": "big5", "big5hkscs": "big5", "cp950": "big5",
    "utf-16": "utf-16", "utf-16-le": "utf-16", "utf-16-be": "utf-16",
}  # fmt: skip

_SAMPLE = 32 * 1024
"""Bytes looked at to tell GB18030 from Big5; the measured error rate is below 1 % from 20 characters on."""

_PRIOR = 0.08
"""Lead that a declared family gets: enough to decide a line of a few characters, not enough to turn a page."""

_LEAST_SCORE = 0.55
"""Random bytes score about 0.3 under either family, Chinese text above 0.9."""

_SURE = 0.9

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_CONTROL_SHARE = 0.02
"""More control characters than this is not text; a few NULs of a bad export are."""

_STRANGE_SHARE = 0.05
"""More unassigned, private and broken characters than this, under a byte order mark, is binary data that begins like one."""

_CHINESE_PUNCTUATION = "，。、；：？！（）《》“”‘’「」『』【】—…·　％～"


class NotTextError(ValueError):
    """The bytes are not text in any charset that is known here. `reason` says what they seem to be, in English."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the charset family it was read with."""

    text: str
    charset: Charset


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Return the text of these bytes. `declared` is the charset the sender named, a prior only.

    Raises:
        NotTextError: the bytes are an image, an archive or other binary data, or no known charset fits.
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise NotTextError(f"the content is {name}")
    decoded = _marked(data) or _unmarked(data, _family(declared))
    controls = sum(1 for _ in _CONTROL.finditer(decoded.text))
    if controls > max(4, _CONTROL_SHARE * len(decoded.text)):
        raise NotTextError(
            f"binary data: {controls} control characters among {len(decoded.text)} read as {decoded.charset}"
        )
    return decoded


def _marked(data: bytes) -> Decoded | None:
    for mark, charset, codec in _MARKS:
        if data.startswith(mark):
            text = data.decode(codec, errors="replace")
            strange = _strange_share(text[:_SAMPLE])
            if strange > _STRANGE_SHARE:
                raise NotTextError(f"binary data: {strange:.0%} of it are no characters, read as {charset} by its mark")
            return Decoded(text, charset)
    return None


def _unmarked(data: bytes, prior: Charset | None) -> Decoded:
    utf8 = _utf8(data)
    if utf8 is not None and not (prior == "gb18030" and _only_two_byte_letters(utf8) and _score(data, prior) > _SURE):
        return Decoded(utf8, "utf-8")
    if prior == "utf-16" or _looks_utf16(data):
        return Decoded(_utf16(data), "utf-16")
    sample = _sample(data)
    scores: dict[Charset, float] = {
        family: _score(sample, family) + (_PRIOR if family == prior else 0) for family in ("gb18030", "big5")
    }
    best = max(scores, key=lambda family: scores[family])
    if scores[best] < _LEAST_SCORE:
        raise NotTextError(
            "no known charset fits (tried UTF-8, UTF-16, GB18030, Big5); "
            f"at best {max(0.0, scores[best]):.2f} of the characters would be common ones, under {best}"
        )
    return Decoded(_read(data, best), best)


def _utf8(data: bytes) -> str | None:
    """UTF-8 with at most a few broken places (a file cut off in mid-character, a patched byte), else nothing."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
    broken = text.count("\ufffd")
    sound = len(re.findall(r"[\u0800-\ufffc]", text))
    return text if sound > 20 * broken else None


def _only_two_byte_letters(text: str) -> bool:
    """A few GBK characters may happen to be valid UTF-8, but then of two-byte letters only."""
    return not text.isascii() and max(text) < "\u0800"


def _looks_utf16(data: bytes) -> bool:
    """UTF-16 without a mark: read so, nearly all is common characters, as other charsets' bytes never are.

    Zeros tell too little: line ends and digits put them on one side, but 一 (U+4E00) on the other.
    """
    return len(data) % 2 == 0 and 0 in data[:_SAMPLE] and _common_share(_utf16(data[:_SAMPLE])) > 0.8


def _utf16(data: bytes) -> str:
    """Read without a mark, in the byte order under which more characters are ASCII or common ones."""

    def known(codec: str) -> int:
        sample = data[:_SAMPLE].decode(codec, errors="replace")
        return sum(character <= "\x7f" or character in common_characters() for character in sample)

    return data.decode(max(("utf-16-le", "utf-16-be"), key=known), errors="replace")


def _family(declared: str | None) -> Charset | None:
    try:
        return _FAMILIES.get(codecs.lookup(declared.strip()).name) if declared else None
    except LookupError:
        return None


def _sample(data: bytes) -> bytes:
    """Lines with bytes above ASCII, up to the sample's size, so that a long ASCII head of a page says nothing."""
    if len(data) <= _SAMPLE:
        return data
    taken = bytearray()
    for line in re.finditer(rb"[^\n]*[\x80-\xff][^\n]*\n?", data):
        taken += line.group()[:_SAMPLE]
        if len(taken) >= _SAMPLE:
            break
    return bytes(taken)


def _score(data: bytes, family: Charset) -> float:
    return _common_share(_read(data, family))


def _read(data: bytes, family: Charset) -> str:
    if family == "gb18030":
        return data.decode("gb18030", errors="replace")
    for codec in ("cp950", "big5hkscs"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode("big5hkscs", errors="replace")


def _strange_share(text: str) -> float:
    strange = sum(1 for character in text if character == "\ufffd" or unicodedata.category(character) in ("Cn", "Co"))
    return strange / max(len(text), 1)


def _common_share(text: str) -> float:
    """Share of common characters among all beyond ASCII, less three times that of broken and private ones."""
    beyond = [character for character in text if character > "\x7f"]
    if not beyond:
        return 0.0
    common = common_characters()
    good = sum(1 for character in beyond if character in common)
    bad = sum(1 for character in beyond if character == "\ufffd" or "\ue000" <= character <= "\uf8ff")
    return (good - 3 * bad) / len(beyond)


@cache
def common_characters() -> frozenset[str]:
    """GB 2312 level 1 (3,755 characters by frequency), Big5 level 1 (5,401), Chinese punctuation."""
    simplified = _block("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    traditional = _block("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    return frozenset(simplified | traditional | set(_CHINESE_PUNCTUATION))


def _block(codec: str, leads: range, trails: range | list[int]) -> set[str]:
    return {bytes((lead, trail)).decode(codec, errors="ignore") for lead in leads for trail in trails} - {""}
