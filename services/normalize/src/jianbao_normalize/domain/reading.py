"""From the bytes of a push to the text that is in them, in reading order, before any cleaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

from jianbao_text.charset import NotTextError, decode

Unreadable = Literal["not_text", "empty_text", "unsupported_media_type"]

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

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "select",
        "textarea",
        "button",
        "svg",
        "math",
        "object",
        "iframe",
        "rt",
        "rp",
        "rtc",
    ]
)
_CELLS = frozenset(("td", "th"))
_SOURCE_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SOURCE_LINE = "\x1f"
"""Stands for a line end of the page's source until both its neighbours are known: between two Chinese characters it is
nothing, else a space (CSS Text, segment break transformation)."""
_LINE_IN_CHINESE = re.compile(f"(?<=[\u2e80-\uffef]){_SOURCE_LINE}(?=[\u2e80-\uffef])")


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
        UnreadableError: `empty_text`, `not_text` or `unsupported_media_type`.
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
    return Reading(html_text(decoded.text) if is_html else decoded.text, decoded.charset)


def html_text(page: str) -> str:
    """Return what a reader of the page sees, one block a line, blank lines between blocks; ruby readings left out."""
    reader = _PageReader()
    reader.feed(page)
    reader.close()
    return reader.text()


class _PageReader(HTMLParser):
    """Collects the visible text; a block begins and ends a paragraph, `<br>` a line, a cell of a table a gap."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("body", "p", "div") and "head" in self._silent:
            self._silent.clear()
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BLOCKS:
            self._pieces.append("\n\n")
        elif tag == "br":
            self._pieces.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self._pieces.append("\n\n")
        elif tag in _CELLS:
            self._pieces.append("  ")
        elif tag == "br":
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(_SOURCE_BLANKS.sub(lambda blank: _SOURCE_LINE if "\n" in blank.group() else " ", data))

    def text(self) -> str:
        text = _LINE_IN_CHINESE.sub("", "".join(self._pieces)).replace(_SOURCE_LINE, " ")
        lines = re.sub(r" *\n *", "\n", text)
        return re.sub(r"\n{3,}", "\n\n", lines).strip(" \n")


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


def _declared(media_type: str) -> tuple[str, str | None]:
    """The type in lower case without parameters, and its `charset` parameter."""
    name, _, parameters = media_type.partition(";")
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", parameters, re.IGNORECASE)
    return name.strip().lower(), charset.group(1) if charset else None


def _meta_charset(content: bytes) -> str | None:
    match = _META_CHARSET.search(content[:_HEAD])
    return match.group(1).decode("ascii", "replace") if match else None
