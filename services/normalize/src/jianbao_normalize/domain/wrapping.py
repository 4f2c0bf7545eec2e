"""Lines broken at a fixed width by an editor, a mail program or a conversion of pages, set as paragraphs again.

Told by their widths: where paragraphs stand one a line, widths differ freely; where text is wrapped, most lines are as
wide as the page, give or take a character that may not begin or end a line.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from jianbao_text.alignment import Edit

_LEAST_LINES = 6
"""Full lines a wrapped text must have; fewer may be a table of contents."""
_LEAST_WIDTH = 36
"""Columns, a Han character taking two: narrower are columns of a table, verse, a masthead."""
_SLACK = 4
"""Columns a full line may fall short: two characters kept together, or an indent counted narrower."""
_OVERHANG = 2
_ENDS = ("。", "！", "？", "；", "：", "”", "）", ".", "!", "?", ";", ":", ")")
_PAUSE = re.compile("[，。；、！？,;]")
_LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    width: int
    indented: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def unwrap_edits(text: str) -> list[Edit]:
    """Return the edits that join wrapped lines; none where the text is not wrapped at a fixed width."""
    lines = _lines(text)
    full = _page_width(lines)
    if full is None:
        return []
    indents = sum(line.indented for line in lines) >= 2
    edits: list[Edit] = []
    for upper, lower in pairwise(lines):
        if not upper.text or not lower.text.strip() or lower.indented or not _is_full(upper, full):
            continue
        bare = upper.text.rstrip()
        if indents or not bare.endswith(_ENDS):
            body = lower.text.lstrip()
            seam = " " if _LATIN.match(bare[-1]) and _LATIN.match(body) else ""
            edits.append((upper.start + len(bare), lower.end - len(body), seam))
    return edits


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in text.split("\n"):
        wide = sum(1 for character in line.rstrip() if character >= "\u1100")
        lines.append(_Line(start, line, wide + len(line.rstrip()), line[:1] == " "))
        start += len(line) + 1
    return lines


def _page_width(lines: list[_Line]) -> int | None:
    """The width most lines have, if the text is wrapped."""
    wide = [line for line in lines if line.width >= _LEAST_WIDTH]
    if len(wide) < _LEAST_LINES:
        return None
    counts = Counter(line.width for line in wide)
    common = max(width for width, count in counts.items() if 2 * count >= max(counts.values()))
    full = [line for line in wide if _is_full(line, common)]
    longer = sum(1 for line in wide if line.width > common + _OVERHANG)
    broken = [line for line in full if not line.text.rstrip().endswith(_ENDS)]
    running = sum(1 for line in full if _PAUSE.search(line.text))
    wrapped = (
        len(full) >= max(_LEAST_LINES, 0.5 * len(wide))
        and longer <= 0.05 * len(wide)
        and len(broken) >= 0.5 * len(full)
        and running >= 0.6 * len(full)
    )
    return common if wrapped else None


def _is_full(line: _Line, width: int) -> bool:
    return width - _SLACK <= line.width <= width + _OVERHANG
