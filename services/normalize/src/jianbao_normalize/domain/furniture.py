"""Lines that belong to the page, not to the bulletin: page numbers, font size, print and share buttons."""

from __future__ import annotations

import re

_PAGE_NUMBER = r"[-—–－·~～]+ ?\d{1,4} ?[-—–－·~～]+|第 ?\d{1,4} ?页(?:[ ,，/]*共 ?\d{1,4} ?页)?|\d{1,3} ?/ ?\d{1,3}"
_BUTTON = (
    r"A ?[-－—] {0,3}A ?[+＋]?|A ?[+＋] {0,3}A ?[-－—]?|[【\[(（]?(?:字体|字号|字級|字级|字體|字號)[:：]?"
    r"(?:[ 【】\[\]|｜/]*(?:特大|小|中|大|默认|標準|标准|放大|縮小|缩小))*[】\])）]?"
    r"|[【\[]?(?:打印|列印|打印本页|打印本頁|我要打印|关闭窗口|关闭本页|關閉窗口|加入收藏|返回顶部|分享到)[】\]]?[:：]?"
    r"|扫一扫在手机(?:上)?打开当前页"
)
_LINE = re.compile(rf"^(?:{_PAGE_NUMBER}|(?:(?:{_BUTTON})[ |｜]*)+)$", re.MULTILINE)


def furniture_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of lines that are nothing but page furniture, each with one line end."""
    spans: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        if start > (spans[-1][1] if spans else 0):
            start -= 1
        elif end < len(text):
            end += 1
        if match.group():
            spans.append((start, end))
    return spans
