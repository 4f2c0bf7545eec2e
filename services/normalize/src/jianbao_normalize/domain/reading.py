"""From the bytes of a push to the text that is in them, in reading order, before any cleaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jianbao_normalize.domain.pages import page_text
from jianbao_text.charset import NotTextError, decode

Unreadable = Literal["not_text", "empty_text", "unsupported_media_type", "too_long"]

LONGEST_TEXT = 2_000_000
"""Characters: a thousand times a bulletin. What is longer is no bulletin, and would hold up all that wait behind it."""

_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = ("application/octet-stream", "application/x-empty", "")
_DOCUMENTS = (
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Word, Excel or WPS document in the old binary format"),
    (b"{\\rtf", "an RTF document"),
)
_PACKED = ((b"word/", "a Word document"), (b"xl/", "an Excel workbook"), (b"ppt/", "a PowerPoint file"),
           (b"Doc_0/", "an OFD document"), (b"OFD.xml", "an OFD document"),
           (b"opendocument.text", "an OpenDocument text"))  # fmt: skip
_LOOKS_LIKE_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_HEAD = 4096
"""Bytes of a page in which its `<meta charset>` must stand (HTML standard: the first 1,024; servers add comments)."""


class UnreadableError(ValueError):
    """No text can be had from a push. `code` is one of the notices' codes; `reason` says why, in English."""

    def __init__(self, code: Unreadable, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code: Unreadable = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reading:
    """The text read out of a file and the charset it was read with."""

    text: str
    charset: str


def read(content: bytes, *, media_type: str, charset: str | None) -> Reading:
    """Return the text in the content. What the bytes are decides, then the declared type; names are never looked at.

    Raises:
        UnreadableError: `empty_text`, `not_text`, `unsupported_media_type` or `too_long`.
    """
    if not content:
        raise UnreadableError("empty_text", "the content has no bytes")
    _refuse_documents(content)
    declared, parameter = _declared(media_type)
    is_html = declared in _HTML or _LOOKS_LIKE_HTML.match(content[:_HEAD]) is not None
    try:
        decoded = decode(content, charset or parameter or (_meta_charset(content) if is_html else None))
    except NotTextError as error:
        raise UnreadableError("not_text", error.reason) from error
    if not is_html and not declared.startswith("text/") and declared not in _PLAIN:
        raise UnreadableError("unsupported_media_type", f"{declared} is not read; only text/plain and text/html are")
    if len(decoded.text) > LONGEST_TEXT:
        raise UnreadableError("too_long", f"{len(decoded.text)} characters; {LONGEST_TEXT} at the most are read")
    return Reading(page_text(decoded.text) if is_html else decoded.text, decoded.charset)


def _refuse_documents(content: bytes) -> None:
    for magic, name in _DOCUMENTS:
        if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:16].startswith(magic):
            raise UnreadableError("unsupported_media_type", f"the content is {name}; only plain text and HTML are read")
    if content.startswith(b"PK\x03\x04"):
        for mark, name in _PACKED:
            if mark in content:
                raise UnreadableError(
                    "unsupported_media_type", f"the content is {name}; only plain text and HTML are read"
                )
        raise UnreadableError(
            "unsupported_media_type", "the content is a ZIP archive; only plain text and HTML are read"
        )


def _declared(media_type: str) -> tuple[str, str | None]:
    """The type in lower case without parameters, and its `charset` parameter."""
    name, _, parameters = media_type.partition(";")
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", parameters, re.IGNORECASE)
    return name.strip().lower(), charset.group(1) if charset else None


def _meta_charset(content: bytes) -> str | None:
    match = _META_CHARSET.search(content[:_HEAD])
    return match.group(1).decode("ascii", "replace") if match else None
