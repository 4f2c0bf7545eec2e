"""What an amount looks like: number or range, unit, and the words around it that say about, over, at least or under."""

from __future__ import annotations

import re
from typing import Final, Literal

from jianbao_text.measure_words import UNITS
from jianbao_text.numerals import ARABIC, CHINESE

Qualifier = Literal["about", "over", "at_least", "under"]


def _words(qualifier: Qualifier, words: str) -> dict[str, Qualifier]:
    return dict.fromkeys(words.split(), qualifier)


BEFORE: Final = (
    _words("at_least", "不少于 不低于 不小于 不下 至少 最少 起码 上")
    | _words("under", "不足 不到 低于 少于 小于 不超过 不高于 不多于 不大于 至多 最多 未满 不满")
    | _words("over", "超过 超 逾 突破 高于 多于 大于 过")
    | _words("about", "大约 约 将近 接近 近 约有 约为")
)
"""Words before the number."""
BEHIND: Final = (
    _words("at_least", "及以上 以上")
    | _words("under", "及以下 以下 以内 之内")
    | _words("about", "左右 上下")
    | _words("over", "之多 有余 多 余")
)
"""Words behind the unit."""
AMONG: Final[dict[str, Qualifier]] = {"多": "over", "余": "over", "几": "over", "来": "about"}
"""Characters between number and unit: 20多项, 十来个."""
BARE_SCALE: Final = frozenset("百千万亿")
SCALES: Final = re.compile("[十百千万亿]")
SCALES_AT_END: Final = re.compile("[十百千万亿]*$")


def _any_of(words: dict[str, Qualifier]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_S: Final = r"[ \t\u00a0\u3000]{0,3}"
"""Blanks that typesetting leaves between digits and characters; bounded, so that no text makes the search slow."""
_NUMBER: Final = rf"(?:{ARABIC}{_S}[十百千]?[万亿]*|{CHINESE}(?:点{CHINESE})?)"
AMOUNT: Final = re.compile(
    rf"(?:(?P<before>{_any_of(BEFORE)}){_S})?"
    rf"(?P<percent>[百千]分之)?"
    rf"(?:(?P<low>{_NUMBER})(?:{_S}[%％‰])?{_S}(?:[-－—–~～〜至到]|——){_S}(?:[百千]分之)?)?"
    rf"(?P<high>{_NUMBER}){_S}(?P<among>[多余几来])?{_S}(?P<scale>[万亿]+)?{_S}"
    rf"(?:(?P<more>多)(?=个))?(?P<unit>{'|'.join(map(re.escape, UNITS))})?"
)
BEHIND_UNIT: Final = re.compile(rf"{_S}(?P<behind>{_any_of(BEHIND)})")
NEIGHBOURS: Final = re.compile(
    r"(?P<head>[二三四五六七八九]?十|[一二三四五六七八九]百)?"
    r"(?P<low>[一二两三四五六七八])(?P<high>(?<=一)两|(?<=[二两])三|(?<=三)[四五]|(?<=四)五|(?<=五)六|(?<=六)七|(?<=七)八|(?<=八)九)"
    r"(?P<tail>[十百千万亿]*)"
)
"""两三个, 七八十, 十二三岁: two neighbouring digits are a range."""
