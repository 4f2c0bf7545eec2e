"""What is pushed: bytes with what is declared of them, and what must become of them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from chaos import words
from chaos.script import traditional

Stage = Literal["normalize", "extract"]

DEADLY: dict[Stage, str] = {"normalize": "此句令规整进程当场猝死", "extract": "此句令抽取进程当场猝死"}
"""Sentences that kill the process that reads them; `deadly/sitecustomize.py` knows the same ones."""

LARGEST_INLINE = 761_856
"""Bytes of content that travel inside the event: three quarters of a megabyte less its envelope."""


@dataclass(frozen=True)
class Content:
    """Bytes as an office sends them.

    `marker`: the phrase by which the text must be found. `refused`: the code of its dead letter or refusal, and
    `refused_by` the stage that says so; empty where it must be published.
    """

    data: bytes
    media_type: str = "text/plain"
    charset: str | None = None
    marker: str = ""
    refused: str = ""
    refused_by: Stage = "normalize"

    @cached_property
    def sha256(self) -> str:
        """Of the bytes, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def content_type(self) -> str:
        """The header that declares it."""
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type


def _plain(text: str) -> tuple[bytes, str, str | None]:
    return text.encode(), "text/plain", "utf-8"


def _undeclared(text: str) -> tuple[bytes, str, str | None]:
    return text.encode("gb18030"), "text/plain", None


def _gb18030(text: str) -> tuple[bytes, str, str | None]:
    return text.encode("gb18030"), "text/plain", "gb18030"


def _declared_wrongly(text: str) -> tuple[bytes, str, str | None]:
    return text.encode("gb18030"), "text/plain", "utf-8"


def _big5(text: str) -> tuple[bytes, str, str | None]:
    return traditional(text).encode("big5", "ignore"), "text/plain", "big5"


def _traditional(text: str) -> tuple[bytes, str, str | None]:
    return traditional(text).encode(), "text/plain", "utf-8"


def _with_mark(text: str) -> tuple[bytes, str, str | None]:
    return text.encode("utf-8-sig"), "text/plain", None


def _utf16(text: str) -> tuple[bytes, str, str | None]:
    return text.encode("utf-16"), "text/plain", None


def _page(text: str) -> tuple[bytes, str, str | None]:
    title, *paragraphs = text.strip().split("\n")
    body = "".join(f"<p>{paragraph}</p>\r\n" for paragraph in paragraphs)
    page = f'<html><head><meta charset="gbk"><title>{title}</title></head>\r\n<body><h1>{title}</h1>\r\n{body}</body></html>'
    return page.encode("gb18030"), "text/html", None


Encoding = Callable[[str], tuple[bytes, str, str | None]]

ENCODINGS: tuple[Encoding, ...] = (
    _plain,
    _plain,
    _plain,
    _undeclared,
    _gb18030,
    _declared_wrongly,
    _big5,
    _traditional,
    _with_mark,
    _utf16,
    _page,
)
"""Ways in which offices save a bulletin, the common one more often; each gives bytes, media type and charset."""


def readable(draw: random.Random, encoding: Encoding | None = None) -> Content:
    """Return a bulletin like no other, in some encoding."""
    mark = words.marker(draw)
    data, media_type, charset = (encoding or draw.choice(ENCODINGS))(words.bulletin(draw, mark, draw.randint(250, 900)))
    return Content(data, media_type, charset, marker=mark)


def near_copy(draw: random.Random, of: Content, *, refused: str = "") -> Content:
    """Return an edited copy of a bulletin in plain UTF-8, with the same marker."""
    data, media_type, charset = _plain(words.edited(draw, of.data.decode()))
    return Content(data, media_type, charset, marker=of.marker, refused=refused)


def plain(draw: random.Random) -> Content:
    """Return a bulletin in plain UTF-8, which can be copied."""
    return readable(draw, _plain)


def large(draw: random.Random, size: int) -> Content:
    """Return a bulletin of exactly so many bytes of UTF-8."""
    mark = words.marker(draw)
    paragraphs = [words.bulletin(draw, mark, 600)]
    length = len(paragraphs[0].encode())
    while length < size:
        paragraphs.append(words.unlike_any(draw, 240) + "\n")
        length += len(paragraphs[-1].encode())
    data = "".join(paragraphs).encode()[:size].decode(errors="ignore").encode()
    return Content(data + b"." * (size - len(data)), "text/plain", "utf-8", marker=mark)


def deadly(draw: random.Random, stage: Stage) -> Content:
    """Return a bulletin that kills every process of a stage that reads it."""
    text = f"{words.bulletin(draw, words.marker(draw), 300)}{DEADLY[stage]}。\n"
    return Content(text.encode(), "text/plain", "utf-8", refused="kills_process", refused_by=stage)


def poison(draw: random.Random) -> Content:
    """Return bytes that no bulletin can be read from."""
    noise = draw.randbytes(draw.randint(200, 600))
    kinds = (
        Content(b"\x89PNG\r\n\x1a\n" + noise, "application/octet-stream", refused="not_text"),
        Content(b"\x1f\x8b\x08\x00" + noise, "text/plain", refused="not_text"),
        Content(b"%PDF-1.4\n" + noise, "application/pdf", refused="unsupported_media_type"),
        Content(b"PK\x03\x04word/document.xml" + noise, "text/plain", refused="unsupported_media_type"),
        Content(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise, "application/msword", refused="unsupported_media_type"),
        Content(_blank(draw), "text/plain", "utf-8", refused="empty_text"),
        Content(_plain(words.bulletin(draw, "", 300))[0], "image/png", refused="unsupported_media_type"),
    )
    return draw.choice(kinds)


def endless(draw: random.Random) -> Content:
    """Return a text beyond what is read: above two million characters."""
    data = words.phrase(draw, 20).encode() + b" abcdefg\n" * 230_000
    return Content(data, "text/plain", "utf-8", refused="too_long")


def _blank(draw: random.Random) -> bytes:
    return "".join(draw.choice(" \n\t\u3000") for _ in range(draw.randint(30, 400))).encode()
