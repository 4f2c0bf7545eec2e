"""Numerals as Chinese office prose writes them: Arabic, full-width, Chinese, mixed (3.5万, 一百二十, 十余万).

Rules of GB/T 15835-2011 (writing of numerals in publications): Arabic digits may be grouped by commas or by spaces and
may be followed by 万 or 亿; Chinese numerals are either counted (一百二十) or spelled digit by digit (二〇二二).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

DIGITS: Final = (
    {c: i for i, c in enumerate("〇一二三四五六七八九")}
    | {"零": 0, "○": 0, "两": 2, "兩": 2}
    | {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
)
SMALL_UNITS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
TENS: Final = {"廿": 20, "卅": 30}
LARGE_UNITS: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
ARABIC: Final = (
    r"(?:[0-9０-９]{1,3}(?:[,，\u0020\u00a0\u2009\u202f][0-9０-９]{3})+(?![0-9０-９])|[0-9０-９]+)(?:[.．][0-9０-９]+)?"
)
"""One Arabic number, thousands grouped or not, without sign or scale."""
CHINESE: Final = r"[零〇○一二两兩三四五六七八九十百千万萬亿億廿卅壹贰叁肆伍陆柒捌玖拾佰仟]+"
"""A run of Chinese numeral characters; whether it is a well-formed number is for `parse_numeral` to say."""

_LONGEST: Final = 24
"""Longer runs of digits are serial numbers, not quantities of anything."""
_WIDTH: Final = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_SPACES: Final = re.compile(r"\s+")
_FUZZ: Final = re.compile(r"[多余餘来來几幾]")
_PART: Final = re.compile(r"(?P<arabic>\d+(?:\.\d+)?)(?P<small>[十百千]*)(?P<large>[万萬亿億]*)")
_SPELLED: Final = re.compile(r"[零〇○一二三四五六七八九]+(?:点[零〇○一二三四五六七八九]+)?")


def parse_numeral(text: str) -> int | float | None:
    """Value of a numeral, or None if `text` is not one well-formed numeral.

    多, 余, 来, 几 inside or at the end (十余万, 5万多) do not change the value: they are qualifiers of a quantity.
    """
    plain = _FUZZ.sub("", _SPACES.sub("", text).translate(_WIDTH).replace(",", ""))
    if not plain or len(plain) > _LONGEST:
        return None
    value = _arabic(plain) if plain[0].isdigit() else _chinese(plain)
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _arabic(plain: str) -> Decimal | None:
    """3.5万, 2千, 1亿2000万: parts that get smaller, each with its own scale."""
    total, position, bound = Decimal(0), 0, None
    while position < len(plain):
        part = _PART.match(plain, position)
        if not part:
            return None
        scale = 1
        for unit in part["small"] + part["large"]:
            scale *= SMALL_UNITS.get(unit) or LARGE_UNITS[unit]
        if bound is not None and scale >= bound:
            return None
        total, position, bound = total + Decimal(part["arabic"]) * scale, part.end(), scale
    return total


def _chinese(plain: str) -> Decimal | None:
    if len(plain) > 1 and _SPELLED.fullmatch(plain):
        return _spelled(plain)
    whole, point, fraction = plain.partition("点")
    value = _counted(whole)
    if value is None or not point:
        return value
    if not fraction or not _SPELLED.fullmatch(fraction):
        return None
    return value + Decimal("0." + "".join(str(DIGITS[c]) for c in fraction))


def _spelled(plain: str) -> Decimal | None:
    """二〇二二: digit by digit. Two digits without 〇 (三八, 五四, 二三) are names or ranges, not numbers."""
    whole, _, fraction = plain.partition("点")
    if len(whole) == 2 and not set(whole) & set("零〇○"):
        return None
    return Decimal(
        "".join(str(DIGITS[c]) for c in whole) + ("." + "".join(str(DIGITS[c]) for c in fraction) if fraction else "")
    )


def _counted(plain: str) -> Decimal | None:
    """一百二十, 三千零五, 两万三 (23,000), 千万: unit by unit; None where units or digits do not follow each other."""
    total = section = 0
    digit: int | None = None
    last_unit, zero = 0, False
    for char in plain:
        if char in DIGITS:
            if digit is not None and digit != 0:
                return None
            digit, zero = DIGITS[char], zero or DIGITS[char] == 0
        elif char in TENS:
            if digit:
                return None
            section, digit, last_unit = section + TENS[char], None, 10
        elif char in SMALL_UNITS:
            unit = SMALL_UNITS[char]
            if last_unit in SMALL_UNITS.values() and unit >= last_unit:
                return None
            section, digit, last_unit, zero = section + (digit or 1) * unit, None, unit, False
        elif char in LARGE_UNITS:
            unit = LARGE_UNITS[char]
            below = section + (digit or 0)
            total = (total + below or 1) * unit if total < unit else total + (below or 1) * unit
            section, digit, last_unit, zero = 0, None, unit, False
        else:
            return None
    if digit and last_unit >= 100 and not zero:
        digit *= last_unit // 10
    return Decimal(total + section + (digit or 0))
