"""A body printed twice is kept once, and the second printing mends the first.

Web pages and converters print a bulletin again below itself, with another head or foot and other damage. Nothing that
only the second printing says is lost: a line of it goes only if the first printing says the same.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

import numpy as np

from jianbao_normalize.domain.compared import Compared
from jianbao_normalize.domain.damage import DamagedPlace
from jianbao_normalize.domain.fragments import fragment_lines
from jianbao_normalize.domain.gbk_shifts import LOST
from jianbao_normalize.domain.printings import SLIPS, Printing, find_printings
from jianbao_text.alignment import Edit, Edited
from jianbao_text.repeats import find_repeats

_LEAST_LINE = 6
"""Letters a line of a head or foot must have to be taken for said above: 目录 or 图1 is said anywhere."""
_HEAD = 2000
"""Letters from the top of the body within which a masthead is looked for."""
_HEAD_LINES = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left: the text, which of its former lines, what went (in the original), damage, copies found."""

    text: Edited
    lines: list[int]
    places: list[DamagedPlace]
    removed: list[tuple[int, int]] = field(default_factory=list)
    copies: int = 1


def without_copies(text: Edited, places: list[DamagedPlace]) -> Kept:
    """Return the text with its body once, the damage of that printing mended from another, fragments taken out."""
    compared = Compared.of(text.text)
    repeats = find_repeats(compared.letters)
    printings = find_printings(repeats)
    if not printings:
        return _without(text, places, compared, fragment_lines(text.text, compared, repeats), 1)
    edits, places = _mended(text, places, compared, printings)
    dropped = _lines_said_above(compared, printings)
    # A mended stretch never crosses a line end, so the numbers of lines stay what they are.
    mended = text.edit(edits)
    return _without(mended, places, Compared.of(mended.text), dropped, 1 + len(printings))


def _mended(
    text: Edited, places: list[DamagedPlace], compared: Compared, printings: list[Printing]
) -> tuple[list[Edit], list[DamagedPlace]]:
    """Put what another printing says where the first is damaged, if it is whole there."""
    edits: list[Edit] = []
    mended: list[DamagedPlace] = []
    for place in places:
        edit = None if place.restored is not None else _from_another(text, place, compared, printings)
        if edit is None or (edits and edit[0] < edits[-1][1]):
            covered = edits and text.located(place.start, place.end)[1] <= edits[-1][1] and place.restored is None
            mended += [] if covered else [place]
            continue
        edits.append(edit)
        start, end = text.origin(edit[0], edit[1])
        mended.append(replace(place, start=start, end=end, restored=edit[2], evidence="second_copy"))
    return edits, mended


def _from_another(text: Edited, place: DamagedPlace, compared: Compared, printings: list[Printing]) -> Edit | None:
    """The stretch between the nearest agreeing letters on both sides, and what a printing that is whole has there."""
    damaged = text.located(place.start, place.end)
    for printing in printings:
        left = printing.counterpart(compared.letter_from(damaged[0]) - 1, -1)
        right = printing.counterpart(compared.letter_from(damaged[1]), 1)
        if left is None or right is None or right[1] <= left[1] or damaged[0] >= damaged[1]:
            continue
        start, end = compared.place(left[0]) + 1, compared.place(right[0])
        whole = text.text[compared.place(left[1]) + 1 : compared.place(right[1])]
        edit = _in_one_line(text.text, (start, end), damaged, whole)
        if edit is not None and LOST not in edit[2] and 0 < len(edit[2]) <= edit[1] - edit[0] + SLIPS:
            return edit
    return None


def _in_one_line(text: str, stretch: tuple[int, int], damaged: tuple[int, int], whole: str) -> Edit | None:
    """The part of the stretch on the damage's own line, and its twin; lines must end at the same places in both."""
    start, end = stretch
    above = text.count("\n", start, damaged[0])
    if text.count("\n", start, end) != whole.count("\n") or "\n" in text[damaged[0] : damaged[1]]:
        return None
    start = text.rfind("\n", start, damaged[0]) + 1 or start
    stop = text.find("\n", damaged[1], end)
    return _narrowed(text, (max(start, stretch[0]), end if stop < 0 else stop, whole.split("\n")[above]), damaged)


def _narrowed(text: str, edit: Edit, damaged: tuple[int, int]) -> Edit:
    """The edit without what both printings have alike on either side of the damage."""
    start, end, whole = edit
    while start < damaged[0] and whole and text[start] == whole[0]:
        start, whole = start + 1, whole[1:]
    while end > damaged[1] and whole and text[end - 1] == whole[-1]:
        end, whole = end - 1, whole[:-1]
    return (start, end, whole)


def _lines_said_above(compared: Compared, printings: list[Printing]) -> set[int]:
    """Lines of later printings, with their heads and feet, that say nothing new."""
    said = _said(compared, printings)
    first, second = printings[0].first, printings[0].second
    ends = compared.dateless(0, min(first[0] + _HEAD, first[1])) + "\n"
    ends += compared.dateless(max(0, first[1] - _HEAD), second[0])[-3 * _HEAD :]
    begin = compared.line_of(second[0])
    dropped = set(_heads(compared, begin, first))
    for line in range(begin, len(compared.lines)):
        start, end = compared.lines[line]
        new = end - start - int(said[end] - said[start])
        if start < end and ((new <= SLIPS and new <= 0.25 * (end - start)) or _is_said(compared, line, ends)):
            dropped.add(line)
    return dropped


def _heads(compared: Compared, begin: int, body: tuple[int, int]) -> list[int]:
    """Lines between the two printings, directly above the second, that repeat the masthead of the first."""
    head = compared.dateless(0, min(body[0] + _HEAD, body[1]))
    found = []
    for line in range(begin - 1, max(0, begin - _HEAD_LINES), -1):
        start, end = compared.lines[line]
        if start < body[1] or (start < end and not _is_said(compared, line, head)):
            break
        if start < end:
            found.append(line)
    return found


def _is_said(compared: Compared, line: int, above: str) -> bool:
    start, end = compared.lines[line]
    return end - start >= _LEAST_LINE and compared.dateless(start, end) in above


def _said(compared: Compared, printings: list[Printing]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each letter, how many before it agree with the first printing."""
    edges = np.zeros(len(compared.letters) + 1, dtype=np.int64)
    for printing in printings:
        for repeat in printing.repeats:
            edges[repeat.second] += 1
            edges[repeat.second_end] -= 1
    return np.concatenate(([0], np.cumsum(np.cumsum(edges[:-1]) > 0)))


def _without(text: Edited, places: list[DamagedPlace], compared: Compared, dropped: set[int], copies: int) -> Kept:
    """Take these lines out, each with the line end before it."""
    lines = [line for line in range(len(compared.spans)) if line not in dropped]
    spans = _blocks(compared, sorted(dropped))
    origins = [text.origin(*span) for span in spans]
    left = [place for place in places if not _lies_in(place, origins)]
    return Kept(text.delete([(start - 1, end) for start, end in spans]), lines, left, origins, copies)


def _lies_in(place: DamagedPlace, spans: list[tuple[int, int]]) -> bool:
    above = bisect_right(spans, place.start, key=lambda span: span[0])
    return above > 0 and place.start < spans[above - 1][1]


def _blocks(compared: Compared, lines: list[int]) -> list[tuple[int, int]]:
    """Lines that follow each other as one stretch."""
    blocks: list[tuple[int, int]] = []
    for line in lines:
        start, end = compared.spans[line]
        if blocks and blocks[-1][1] == start - 1:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    return blocks
