"""A text as lines: one paragraph each, with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int]
"""Code points of the text, half open."""

_COLUMN_AND_HEADLINE = re.compile(r"(【[^【】。\n]{2,12}】)\s*(?=[^\s。！？]{4,60}$)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its outer blanks: `text` stands at [start, end) of the document."""

    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """Return the line's place in the text."""
        return (self.start, self.end)

    def part(self, start: int, end: int) -> Line:
        """Return the stretch [start, end) of this line, without outer blanks, as a line of its own."""
        raw = self.text[start:end]
        lead = len(raw) - len(raw.lstrip())
        text = raw.strip()
        return Line(self.start + start + lead, self.start + start + lead + len(text), text)


def split_lines(text: str) -> list[Line]:
    """Return all lines that hold more than blanks; a column mark that shares its line with a headline stands alone."""
    lines: list[Line] = []
    offset = 0
    for raw in text.split("\n"):
        line = Line(offset, offset + len(raw), raw).part(0, len(raw))
        offset += len(raw) + 1
        if not line.text:
            continue
        shared = _COLUMN_AND_HEADLINE.match(line.text)
        if shared and shared.end() < len(line.text):
            lines += [line.part(*shared.span(1)), line.part(shared.end(), len(line.text))]
        else:
            lines.append(line)
    return lines


def key_of(text: str) -> str:
    """Return what of a headline is compared: letters, digits and Han only, so that spacing and marks do not count."""
    return "".join(ch for ch in text if ch.isalnum()).lower()


def texts(lines: Iterable[Line]) -> str:
    """Return a title broken over several lines as one, joined by a blank."""
    return " ".join(line.text for line in lines)
