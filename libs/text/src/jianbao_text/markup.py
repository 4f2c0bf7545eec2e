"""What a converter, an editor or a web page left in a text: markdown marks, tags, entities, invisible characters.

Finders return edits (start, end, replacement), ascending and without overlap, for `Edited.edit`.
"""

from __future__ import annotations

import html
import re

from jianbao_text.alignment import Edit

LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
SPACES = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Control characters, zero width, soft hyphen, direction marks, variation selectors, lone surrogates."""

_ENTITY = re.compile(r"&(?:(?:amp|#38|#x26);)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_BLOCK = "p|br|div|li|ul|ol|tr|table|tbody|thead|h[1-6]|hr|center|section|article|blockquote|dl|dt|dd|pre"
_INLINE = "b|strong|i|em|u|s|del|ins|span|font|a|img|td|th|sup|sub|o:p|small|big|mark|code|wbr|nobr"
_TAG = re.compile(rf"</?(?:({_BLOCK})|{_INLINE})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")

_HEADING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|#{2,6}(?=[^#\s]))", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:={3,}))$", re.MULTILINE)
_TABLE_RULE = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+(?:[ \t]*:?-{3,}:?)?[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"(!?)\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}\)")
_STARS = re.compile(r"\*{2,}|_{2,}")
_EMPHASIS = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]{1,200})\*(?![*\w])")


def entity_edits(text: str) -> list[Edit]:
    """Edits that put the character in the place of each HTML entity (`&ldquo;`, `&#8220;`, `&amp;nbsp;`)."""
    edits = []
    for match in _ENTITY.finditer(text):
        entity = f"&{match.group(1)};"
        character = html.unescape(entity)
        if character != entity and character != "&":
            edits.append((match.start(), match.end(), character))
        elif character == "&":
            edits.append((match.start(), match.end(), "&"))
    return edits


def tag_edits(text: str) -> list[Edit]:
    """Edits that take HTML tags out of a plain text; a tag of a block leaves a line break."""
    edits = [(m.start(), m.end(), "\n" if m.group(1) else "") for m in _TAG.finditer(text)]
    edits += [(m.start(), m.end(), "") for m in _COMMENT.finditer(text)]
    return sorted(edits)


def markdown_edits(text: str) -> list[Edit]:
    """Edits that take out marks of markdown: headings, quotes, rules, links, bold, as in `**一是**`.

    Bold is random in converted documents: it starts inside an enumerator, ends after a comma, is cut by a page.
    """
    edits: list[Edit] = []
    for pattern in (_HEADING, _QUOTE, _RULE, _TABLE_RULE):
        edits += [(m.start(), m.end(), "") for m in pattern.finditer(text)]
    for match in _LINK.finditer(text):
        end = match.start(2)
        edits += [(match.start(), match.end(), "")] if match.group(1) else [
            (match.start(), end, ""), (match.end(2), match.end(), "")
        ]  # fmt: skip
    edits += [(start, end, "") for start, end in _bold(text)]
    for match in _EMPHASIS.finditer(text):
        edits += [(match.start(), match.start() + 1, ""), (match.end() - 1, match.end(), "")]
    return _apart(edits)


def _bold(text: str) -> list[tuple[int, int]]:
    """Marks of bold, line by line: in pairs, or single at the edge of a line, where a page cut the bold in two."""
    marks: list[tuple[int, int]] = []
    opened: re.Match[str] | None = None
    looked = 0
    for match in _STARS.finditer(text):
        if text.find("\n", looked, match.start()) >= 0:
            marks += _at_edge(text, opened)
            opened = None
        looked = match.end()
        if len(match.group()) >= 4:
            marks.append(match.span())
        elif opened is not None and opened.group()[0] == match.group()[0]:
            marks += [opened.span(), match.span()]
            opened = None
        elif opened is None:
            opened = match
    return sorted(marks + _at_edge(text, opened))


def _at_edge(text: str, mark: re.Match[str] | None) -> list[tuple[int, int]]:
    if mark is None:
        return []
    start, end = mark.span()
    before = text[text.rfind("\n", 0, start) + 1 : start].strip()
    following = text.find("\n", end)
    after = text[end : following if following >= 0 else len(text)].strip()
    return [(start, end)] if not before or not after else []


def _apart(edits: list[Edit]) -> list[Edit]:
    """Keep the first of any that overlap (a rule of stars is also a run of stars)."""
    kept: list[Edit] = []
    for edit in sorted(edits):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept
