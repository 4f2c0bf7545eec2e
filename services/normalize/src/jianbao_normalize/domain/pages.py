"""The text of a web page as its reader sees it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
))  # fmt: skip
_SILENT = frozenset((
    "script", "style", "noscript", "template", "head", "select", "textarea", "button", "svg", "math", "object",
    "iframe", "rt", "rp", "rtc",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_SOURCE_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SOURCE_LINE = "\x1f"
"""Stands for a line end of the page's source until both its neighbours are known: between two Chinese characters it is
nothing, else a space (CSS Text, segment break transformation)."""
_LINE_IN_CHINESE = re.compile(f"(?<=[\u2e80-\uffef]){_SOURCE_LINE}(?=[\u2e80-\uffef])")

_LONE_BRACKET = re.compile("<(?=[^<>]*(?:<|\\Z))")
"""Begins no tag, as the next bracket opens again or there is none."""


def page_text(page: str) -> str:
    """Return what a reader of the page sees, one block a line, blank lines between blocks; ruby readings left out."""
    reader = _PageReader()
    reader.feed(_well_bracketed(page))
    reader.close()
    return reader.text()


class _PageReader(HTMLParser):
    """Collects the visible text; a block begins and ends a paragraph, `<br>` a line, a cell of a table a gap."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
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


def _well_bracketed(page: str) -> str:
    """Return the page without comments and declarations, and with brackets that open no tag as characters.

    `HTMLParser` takes quadratic time on tags that never close, and fails on an unknown declaration (`<![`).
    """
    pieces: list[str] = []
    position, closers = 0, {"-->": True, ">": True}
    while (start := page.find("<!", position)) >= 0:
        pieces.append(page[position:start])
        closer = "-->" if page.startswith("<!--", start) else ">"
        end = page.find(closer, start + 2) if closers[closer] else -1
        closers[closer] = end >= 0
        position = end + len(closer) if end >= 0 else start + 2
    pieces.append(page[position:])
    return _LONE_BRACKET.sub("&lt;", "".join(pieces))
