"""Several lines read as one text, so that rules which need context see it, with every place mapped back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from jianbao_extract.domain.lines import Line, Span


class Stretch:
    """The text of lines joined by newlines, and the way back to the document."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = list(lines)
        self.text = "\n".join(line.text for line in lines)
        self._starts: list[int] = []
        offset = 0
        for line in lines:
            self._starts.append(offset)
            offset += len(line.text) + 1

    def span(self, start: int, end: int) -> Span:
        """Return where [start, end) of the joined text stands in the document; what runs over a line end is cut there."""
        index = bisect_right(self._starts, start) - 1
        line = self._lines[index]
        shift = line.start - self._starts[index]
        return (start + shift, min(end + shift, line.end))

    def whole(self, start: int, end: int) -> bool:
        """Tell whether [start, end) lies inside one line."""
        return start < end and "\n" not in self.text[start:end]
