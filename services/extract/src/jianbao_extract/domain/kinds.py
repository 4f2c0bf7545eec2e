"""Of which kind a whole text is: a bulletin, a newspaper page, or a page of a web site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from jianbao_extract.domain.forms import Form
from jianbao_extract.domain.lines import Line
from jianbao_extract.domain.masthead import Masthead

Kind = Literal["bulletin", "newspaper", "web_page"]

_NEWSPAPER = re.compile(
    r"本报(?:讯|记者|通讯员|评论员|特约|编辑部|上期|今日|今起|社论|综合)|[（(]上接.{0,10}版[)）]|[（(]下转.{0,10}版[)）]"
)
_BREADCRUMB = re.compile(r"位置[：:]|[首主]页\s*[>＞»›]|[>＞»›].*[>＞»›]")


def kind_of(lines: Sequence[Line], forms: Sequence[Form], masthead: Masthead) -> tuple[Kind, Line | None]:
    """Return the kind and the line that tells it. A bulletin shown on a web page stays a bulletin: it has an issue label."""
    if masthead.newspaper is not None:
        return "newspaper", masthead.newspaper
    numbered = masthead.number is not None or masthead.cumulative is not None
    if not numbered and not masthead.document_number:
        told = next((line for line in lines if _NEWSPAPER.search(line.text)), None)
        if told is not None and not any(form is Form.WEB_META for form in forms):
            return "newspaper", told
    if not numbered:
        for line, form in zip(lines, forms, strict=True):
            if form is Form.WEB_META or (form is Form.FURNITURE and _BREADCRUMB.search(line.text)):
                return "web_page", line
    return "bulletin", None
