"""Counted and measured amounts: numeral, unit, and the word that says about, over, at least or under.

What counts as an amount and what does not (ordinals, dates, point markers, idioms, fixed names, 一 as an article)
follows the annotation guide of the gold set.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jianbao_text.amounts import (
    AMONG,
    AMOUNT,
    BARE_SCALE,
    BEFORE,
    BEHIND,
    BEHIND_UNIT,
    NEIGHBOURS,
    SCALES,
    SCALES_AT_END,
    Qualifier,
)
from jianbao_text.counted import counted
from jianbao_text.measure_words import DURATIONS, FIXED_NAMES, HALVES, MEASURES, NOT_BEFORE, TAKES_MORE_AFTER
from jianbao_text.numerals import parse_numeral

Number = int | float


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount as it stands at `text[start:end]`: 1730多名 is 1730, 名, over; a range (2-3个) has two values."""

    text: str
    start: int
    end: int
    value: Number | tuple[Number, Number]
    unit: str
    qualifier: Qualifier | None
    object: str | None


_CODE_BEFORE: Final = re.compile(r"[A-Za-z0-9０-９.．/]$|[0-9][-－]$")
_REALLY_ONE: Final = ("为期", "历时", "长达", "试用", "仅", "只有", "总共")
_MEASURED: Final = frozenset(MEASURES)
_RECENT: Final = DURATIONS - {"岁", "周岁", "小时", "个小时", "分钟", "秒", "秒钟", "刻钟"}
_BELONGS_LEFT: Final[dict[str, tuple[str, ...]]] = {
    "近": tuple("附最就邻临新靠亲相远"),
    "约": (*"节预制公相签契条履违邀特简俭合集", "规民"),
    "超": tuple("赶反高"),
    "上": tuple("以百千万"),
    "不到": tuple("看达找得想听见收"),
}
_MORE_OF: Final = re.compile("[次种个项样部方面年元名人家条地处头本]")
_ENUMERATION: Final = re.compile(r"[“‘「『]([^“”‘’「」『』]{1,80})[”’」』]$")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_NOT_BEFORE: Final = {unit: re.compile(words) for unit, words in NOT_BEFORE.items()}
_MASKED: Final = re.compile(
    r"(?<![：:说道])[“‘「『]([^“”‘’「」『』。！？；\n]{1,36})[”’」』]|《[^》\n]{1,60}》|" + "|".join(FIXED_NAMES)
)
"""Quoted names and slogans, titles of works, fixed names; what stands behind a colon or 说 is speech."""


def find_quantities(text: str) -> list[Quantity]:
    """Amounts of `text` in order. Quoted names, titles in 《》 and fixed names are left out: they are names, not amounts."""
    masks = [match.span() for match in _MASKED.finditer(text)]
    return [quantity for quantity in _candidates(text) if not _inside(quantity, masks)]


def _inside(quantity: Quantity, masks: list[tuple[int, int]]) -> bool:
    following = bisect_left(masks, (quantity.end, 0))
    return following > 0 and masks[following - 1][1] > quantity.start


def _candidates(text: str) -> Iterator[Quantity]:
    position = 0
    while match := AMOUNT.search(text, position):
        quantity = _read(text, match)
        position = quantity.end if quantity else match.end("high")
        if quantity:
            yield quantity


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    unit = ("‰" if match["percent"][0] == "千" else "%") if match["percent"] else match["unit"]
    value = _value(match)
    if not unit or value is None or not _counts(text, match, unit, value):
        return None
    start, before = _before(text, match, unit)
    unit_end = match.end("unit") if match["unit"] else match.end("high")
    end, behind = _behind(text, unit_end, unit)
    if end == unit_end and unit in _NOT_BEFORE and _NOT_BEFORE[unit].match(text, end):
        return None
    if unit in HALVES and isinstance(value, int):
        unit, value = HALVES[unit], value + 0.5
    among = AMONG.get(match["among"] or match["more"] or "")
    return Quantity(
        text[start:end],
        start,
        end,
        value,
        unit.replace("％", "%"),
        before or among or behind,
        counted(text, start, end, unit),
    )


def _value(match: re.Match[str]) -> Number | tuple[Number, Number] | None:
    scale = match["scale"] or ""
    pair = NEIGHBOURS.fullmatch(match["high"])
    if pair:
        low, high = (
            parse_numeral((pair["head"] or "") + pair[side] + (pair["tail"] or "") + scale) for side in ("low", "high")
        )
        return (low, high) if low is not None and high is not None and low < high else None
    high = parse_numeral(match["high"] + scale)
    if high is None or not match["low"]:
        return high
    shared = "" if SCALES.search(match["low"]) else SCALES_AT_END.search(match["high"])[0] + scale  # type: ignore[index]
    low = parse_numeral(match["low"] + shared)
    return (low, high) if low is not None and low < high else None


def _counts(text: str, match: re.Match[str], unit: str, value: Number | tuple[Number, Number]) -> bool:
    """False for ordinals, codes, dates, times, the article 一, and bare 百 千 万 used for "very many"."""
    start = match.start("low") if match["low"] else match.start("percent") if match["percent"] else match.start("high")
    before = text[max(0, start - 8) : start].rstrip(" \u00a0")
    number, qualified = match["high"], bool(match["before"] or match["among"] or match["low"])
    if before.endswith("第") or _CODE_BEFORE.search(text[max(0, start - 3) : start]):
        return False
    if not number[0].isdigit() and before.endswith(("数", "几", "成", "无")):
        return False
    if number == "一":
        return bool(qualified and match["before"] not in {"上", "过", "近"}) or before.endswith(_REALLY_ONE)
    if number == "二" and unit not in _MEASURED:
        return False
    if number[0] in BARE_SCALE and not qualified and not match["percent"]:
        return len(number) > 1 and (unit in _MEASURED or number[1] not in BARE_SCALE)
    return _is_no_date_or_address(text, match, unit, value, before)


def _is_no_date_or_address(
    text: str, match: re.Match[str], unit: str, value: Number | tuple[Number, Number], before: str
) -> bool:
    end = match.end()
    if unit == "年":
        last = value[1] if isinstance(value, tuple) else value
        is_year = isinstance(last, int) and 1800 <= last <= 2099 and not match["among"] and not match["scale"]
        return not is_year or text.startswith(("历史", "的历史", "之久"), end)
    if unit == "月":
        return match["high"] == "两"
    if unit == "日":
        return text.startswith(("内", "以内", "之内"), end) and not before.endswith("月")
    if unit == "分":
        return match["high"][0].isdigit() and not before.endswith(("时", "点", ":", "："))
    if unit in {"栋", "幢"}:
        return not text[end : end + 1].isdigit()
    return not (_sums_up(text, match, value) and not _HAN.match(text, end))


def _sums_up(text: str, match: re.Match[str], value: Number | tuple[Number, Number]) -> bool:
    """“战线、底线、标线、网线”四线: behind as many quoted items the word after the numeral is their common noun."""
    listed = _ENUMERATION.search(text[max(0, match.start() - 82) : match.start()])
    return bool(listed) and len(listed[1].split("、")) == value  # type: ignore[index]


def _before(text: str, match: re.Match[str], unit: str) -> tuple[int, Qualifier | None]:
    """Where the amount begins, and what the word before it says; a word that belongs to its left is no qualifier."""
    start = match.start("low") if match["low"] else match.start("percent") if match["percent"] else match.start("high")
    word = match["before"]
    if not word:
        return start, None
    previous = text[max(0, match.start() - 2) : match.start()]
    if word in {"上", "过"} and match["high"][0] not in BARE_SCALE:
        return start, None
    if word == "近" and unit in _RECENT and not previous.endswith(("时", "有", "达", "用", "了")):
        return start, None
    if previous.endswith(_BELONGS_LEFT.get(word, ())):
        return start, None
    return match.start(), BEFORE[word]


def _behind(text: str, end: int, unit: str) -> tuple[int, Qualifier | None]:
    match = BEHIND_UNIT.match(text, end)
    if not match:
        return end, None
    word = match["behind"]
    if word in {"多", "余"} and (unit not in TAKES_MORE_AFTER or _MORE_OF.match(text, match.end())):
        return end, None
    if word in {"上下", "有余"} and _HAN.match(text, match.end()):
        return end, None
    return match.end(), BEHIND[word]
