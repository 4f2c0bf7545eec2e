"""Paragraphs that are a piece of an earlier one, printed again by a slip of layout or of text recognition.

A refrain, a slogan or a heading that quotes the text is no slip. A slip shows: it begins in mid-sentence, runs to the
end of a sentence, and stands close below the paragraph it is a piece of.
"""

from __future__ import annotations

from jianbao_normalize.domain.compared import Compared
from jianbao_text.repeats import Repeat

_LEAST = 24
"""Letters; shorter runs of official prose recur by themselves."""
_NEAR = 3
"""Paragraphs above within which the piece must stand."""
_SENTENCE_STARTS = "。！？；：…\n“‘（《「『【，"
_SENTENCE_ENDS = "。！？；"


def fragment_lines(text: str, compared: Compared, repeats: list[Repeat]) -> set[int]:
    """Return the numbers of lines that are such pieces."""
    fragments = set()
    for repeat in repeats:
        line = compared.line_of(repeat.second)
        start, end = compared.lines[line]
        if not (repeat.second <= start and end <= repeat.second_end and end - start >= _LEAST):
            continue
        first = repeat.first + start - repeat.second
        above = compared.line_of(first)
        near = 0 < line - above <= _NEAR and compared.line_of(first + end - start - 1) == above
        printed = text[slice(*compared.spans[line])]
        if (
            near
            and _begins_in_mid_sentence(text, compared.place(first))
            and printed.rstrip("”’）").endswith(tuple(_SENTENCE_ENDS))
        ):
            fragments.add(line)
    return fragments


def _begins_in_mid_sentence(text: str, place: int) -> bool:
    return place > 0 and text[place - 1] not in _SENTENCE_STARTS
