"""Text shifted by one byte: a replacement made on the bytes of GBK text that hit the middle of two characters.

Two such replacements are known from web pages. An annotator puts a reading behind a character of its list: in 財等
(D8 94 B5 C8) it sees 數 (94 B5) and inserts `(shù)`, and what follows is read one byte off until the next ASCII byte:
`財?shù)纫慌…`. A typesetter turns full-width marks into ASCII: in 。縣 (A1 A3 BF 68) it sees ？ (A3 BF), and `??h` is left.
Every byte but the one at either end survives, so almost all of the text can be read again with certainty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jianbao_normalize.domain.annotated import KNOWN_ANNOTATED
from jianbao_text.alignment import Edit
from jianbao_text.charset import common_characters
from jianbao_text.pinyin import READING, readings

LOST = "\ufffd"
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_CHINESE = r"[\u3001-\u3017\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e“”‘’—…·]"
_RUN = r"[^\x00-\x7f\ufffd]*"
_SHIFT = re.compile(
    rf"(?P<before>{_CHINESE})(?P<lost>[?\ufffd]+)(?:\(?(?P<reading>{READING})\)|(?P<mark>[,:;?!()]))"
    rf"(?P<run>{_RUN})(?P<trail>[@-~](?={_HAN}|[，。、；：]))?"
)
_END = re.compile(rf"[?\ufffd](?:\(?(?P<reading>{READING})\))?")
_LEAST_RUN = 3
"""Characters a shifted run must have to prove by itself that it is one."""


def find_shifts(text: str) -> list[Edit]:
    """Return the shifted places, ascending, each with what stood there; U+FFFD is a character that cannot be told."""
    return list(_shifts(text, readings(text)))


def _shifts(text: str, annotated: dict[str, set[str]]) -> Iterator[Edit]:
    position = 0
    while (match := _SHIFT.search(text, position)) is not None:
        restored = _after_annotation(match, annotated) if match["reading"] else _after_mark(match)
        position = match.end("before")
        if restored is None:
            continue
        yield (match.start("lost"), match.end(), restored)
        position = match.end() - 1
        end = _END.match(text, match.end())
        if match["run"] and not match["trail"] and end is not None:
            # The run's last byte is the first of a character whose second byte the next ASCII byte swallowed.
            yield (match.end(), end.end(), _last_character(match["run"], end["reading"], annotated))
            position = end.end() - 1


def _after_annotation(match: re.Match[str], annotated: dict[str, set[str]]) -> str | None:
    """The run behind a reading: its first byte is the second of the annotated character, which the page itself names."""
    run = _run(match)
    if not run:
        return None
    before = _bytes(match["before"])[-1:]
    codes = (_bytes(character) for character in _read_so(match["reading"], annotated))
    seconds = {code[1:] for code in codes if code[:1] == before and len(code) == 2}
    first = _character(seconds.pop() + run[:1]) if len(seconds) == 1 else LOST
    rest = _read(run[1:])
    if rest is None or not set(rest) <= common_characters() or (first == LOST and not _is_shifted(match, rest)):
        return None
    return first + rest


def _after_mark(match: re.Match[str]) -> str | None:
    """The run behind a mark: the mark's full-width form was the second byte of one character, the first of another."""
    run = _run(match)
    read = _read(bytes((ord(match["mark"]) + 0x80,)) + run) if run else None
    return LOST + read if read is not None and _is_shifted(match, read) else None


def _run(match: re.Match[str]) -> bytes:
    """The bytes of the run up to its last whole character: with its trail, or without the byte that lost its own."""
    run = _bytes(match["run"])
    return run + match["trail"].encode() if match["trail"] else run[:-1]


def _is_shifted(match: re.Match[str], read: str) -> bool:
    """What is printed holds characters that nobody writes, or a lone letter; read one byte off, it holds neither."""
    common = common_characters()
    run = match["run"]
    telling = not set(run) <= common if run else True
    return telling and (bool(match["trail"]) or len(run) >= _LEAST_RUN) and set(read) <= common


def _last_character(run: str, reading: str | None, annotated: dict[str, set[str]]) -> str:
    """The character a run breaks off in: its first byte is left; a reading behind it may tell which one it is."""
    lead = _bytes(run)[-1:]
    fitting = {character for character in _read_so(reading or "", annotated) if _bytes(character)[:1] == lead}
    return fitting.pop() if len(fitting) == 1 else LOST


def _read_so(reading: str, annotated: dict[str, set[str]]) -> frozenset[str]:
    """What this page annotates with this reading, and what such pages are known to annotate."""
    return KNOWN_ANNOTATED.get(reading, frozenset()) | annotated.get(reading, set())


def _bytes(text: str) -> bytes:
    """The GBK bytes; U+E000 and on as the private rows of CP936."""
    return text.encode("gb18030", errors="ignore")


def _character(code: bytes) -> str:
    decoded = code.decode("gbk", errors="ignore")
    return decoded if len(decoded) == 1 else LOST


def _read(code: bytes) -> str | None:
    try:
        return code.decode("gbk")
    except UnicodeDecodeError:
        return None
