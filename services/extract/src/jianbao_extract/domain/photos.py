"""Photo captions: which lines are one, and what of such a line is the caption."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jianbao_extract.domain.forms import Form
from jianbao_extract.domain.lines import Line

_CREDIT = re.compile(r"(?<=[。）)])\s*[（(]?[^。，（(]{2,14}\s*/?(?:摄|摄影|供图)[)）]?$")
_FIGURE = re.compile(r"^[（(▲△▼]?\s*图\s*[①-⑳\d一二三四五六七八九十]{0,2}\s*[：:]\s*")
_LONGEST_CAPTION = 160


def captions_marked(lines: Sequence[Line], forms: Sequence[Form]) -> list[Form]:
    """Return forms in which a paragraph right above a photo credit is a caption."""
    marked = list(forms)
    for index in range(1, len(lines)):
        above = index - 1
        if (
            forms[index] is Form.CREDIT
            and forms[above] in {Form.BODY, Form.HEAD}
            and len(lines[above].text) <= _LONGEST_CAPTION
        ):
            alone = above == 0 or forms[above - 1] is not Form.BODY
            if alone or forms[above] is Form.HEAD:
                marked[above] = Form.CAPTION
    return marked


def caption_text(line: Line) -> str:
    """Return a caption without the photo credit on its line and without its printed number (图①：)."""
    return _FIGURE.sub("", _CREDIT.sub("", line.text)).strip()
