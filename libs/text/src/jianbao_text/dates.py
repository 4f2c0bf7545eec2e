"""Calendar expressions in any written form, and what they mean in ISO 8601.

Rules follow the annotation guide of the gold set: a month and day without a year take the bulletin's year where it is
known, else stay --MM-DD; 今年, 去年, 明年 count only where the year is known; durations and intervals are no dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from jianbao_text.numerals import parse_numeral


@dataclass(frozen=True, slots=True)
class DateMention:
    """A calendar expression at `text[start:end]`; value is 2016, 2020-02, 2022-04-06, --04-06 or 2014/2016."""

    text: str
    start: int
    end: int
    value: str


_S: Final = r"[ \t\u00a0\u3000]{0,3}"
_DIGIT: Final = "[0-9０-９]"
_SPELLED: Final = "[〇○零Ｏ一二三四五六七八九]"
_YEAR: Final = rf"(?:(?<![0-9０-９.．]){_DIGIT}{{4}}|(?<!{_SPELLED}){_SPELLED}{{4}})"
_MONTH: Final = rf"(?:(?<![0-9０-９.．-]){_DIGIT}{{1,2}}|十[一二]?|[一二三四五六七八九]|元)"
_DAY: Final = rf"(?:{_DIGIT}{{1,2}}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|廿[一二三四五六七八九]?)"
_DASH: Final = rf"{_S}(?:[-－—–~～〜至到]|——){_S}"
_PART_OF_YEAR: Final = {
    "上半年": ("01", "06"),
    "下半年": ("07", "12"),
    **{
        f"{w}{q}季度": (m, n)
        for w in ("第", "")
        for q, m, n in (("一", "01", "03"), ("二", "04", "06"), ("三", "07", "09"), ("四", "10", "12"))
    },
}
_PARTS: Final = "|".join(_PART_OF_YEAR)
_RELATIVE: Final = {"今年": 0, "本年度": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2}
_FULL: Final = re.compile(
    rf"(?P<year>{_YEAR}){_S}年{_S}(?P<month>{_MONTH}){_S}月{_S}(?P<day>{_DAY}){_S}[日号]"
    r"|(?<![0-9.])(?P<y2>[12][0-9]{3})(?P<sep>\s?[-./．－]\s?)(?P<m2>[0-9]{1,2})(?P=sep)(?P<d2>[0-9]{1,2})(?![0-9])"
)
_MENTION: Final = re.compile(
    rf"(?:(?P<year>{_YEAR})(?:{_S}年?{_DASH}(?P<to_year>{_YEAR}))?{_S}年(?!级|制)|(?P<relative>今年|本年度|去年|前年|明年|后年)){_S}"
    rf"(?:(?P<part>{_PARTS})|(?P<month>{_MONTH})(?:{_S}月?{_DASH}(?P<to_month>{_MONTH}))?{_S}月"
    rf"(?:{_S}(?P<day>{_DAY}){_S}[日号]?(?:{_DASH}(?:(?P<till_month>{_MONTH}){_S}月{_S})?(?P<to_day>{_DAY}))?{_S}[日号])?)?"
    rf"|(?P<m>(?<![0-9０-９.．-]){_DIGIT}{{1,2}})(?:{_S}月?{_DASH}(?P<to_m>{_DIGIT}{{1,2}}))?{_S}月(?!饼)"
    rf"(?:{_S}(?P<d>{_DAY}){_S}[日号]?(?:{_DASH}(?:(?P<till_m>{_MONTH}){_S}月{_S})?(?P<to_d>{_DAY}))?{_S}[日号])?"
    r"|(?<![0-9.])(?P<y2>[12][0-9]{3})(?P<sep>[-./．－])(?P<m2>[0-9]{1,2})(?P=sep)(?P<d2>[0-9]{1,2})(?![0-9])"
    r"|(?P<century>上世纪|20世纪|二十世纪)(?P<decade>[1-9]0|[二三四五六七八九]十)年代"
)
_BETWEEN: Final = re.compile(_DASH)
_HALF_A_YEAR: Final = 183


def parse_date(text: str) -> date | None:
    """The first full date in `text` in any written form (2019 年 04 月 08 日, 二〇二二年五月七日, 2017.4.14), or None."""
    for match in _FULL.finditer(text):
        found = _date(*(_number(match[a] or match[b]) for a, b in (("year", "y2"), ("month", "m2"), ("day", "d2"))))
        if found:
            return found
    return None


def find_dates(text: str, *, year: int | None = None, published_on: date | None = None) -> list[DateMention]:
    """Calendar expressions of `text` in order; `year` or the year of `published_on` completes those without one."""
    home = year if year is not None else published_on.year if published_on else None
    found: list[DateMention] = []
    for match in _MENTION.finditer(text):
        value = _value(match, home, published_on)
        if value:
            found.append(DateMention(match[0].rstrip(), match.start(), match.start() + len(match[0].rstrip()), value))
    return _joined(text, found)


def _joined(text: str, found: list[DateMention]) -> list[DateMention]:
    """2018年3月至2019年5月: two dates of the same fineness with a dash between them are one range."""
    joined: list[DateMention] = []
    for mention in found:
        last = joined[-1] if joined else None
        if (
            last
            and len(last.value) == len(mention.value) <= len("2022-04-06")
            and _BETWEEN.fullmatch(text, last.end, mention.start)
            and last.value < mention.value
        ):
            joined[-1] = DateMention(
                text[last.start : mention.end], last.start, mention.end, f"{last.value}/{mention.value}"
            )
        else:
            joined.append(mention)
    return joined


def _value(match: re.Match[str], home: int | None, published_on: date | None) -> str | None:
    if match["y2"]:
        full = _date(_number(match["y2"]), _number(match["m2"]), _number(match["d2"]))
        return full.isoformat() if full else None
    if match["decade"]:
        decade = 1900 + (_number(match["decade"]) or 0)
        return f"{decade}/{decade + 9}"
    if match["m"]:
        return _without_year(match, home, published_on)
    year = _number(match["year"]) if match["year"] else None
    if match["relative"]:
        if home is None:
            return None
        year = home + _RELATIVE[match["relative"]]
    if year is None or not 1800 <= year <= 2099:
        return None
    if match["to_year"]:
        return f"{year}/{_number(match['to_year'])}"
    if match["part"]:
        first, last = _PART_OF_YEAR[match["part"]]
        return f"{year}-{first}/{year}-{last}"
    if not match["month"]:
        return f"{year}"
    return _months(f"{year}", *(_number(match[g]) for g in ("month", "to_month", "day", "till_month", "to_day")))


def _without_year(match: re.Match[str], home: int | None, published_on: date | None) -> str | None:
    """The year that puts the month nearest to the day of publication: 12月28日 in an issue of January was last year."""
    parts = [_number(match[g]) for g in ("m", "to_m", "d", "till_m", "to_d")]
    if home is not None and published_on is not None and home == published_on.year:
        begins = _date(home, parts[0], parts[2] or 1)
        if begins and (begins - published_on).days > _HALF_A_YEAR:
            home -= 1
    return _months("-" if home is None else f"{home}", *parts)


def _months(
    year: str, month: int | None, to_month: int | None, day: int | None, till_month: int | None, to_day: int | None
) -> str | None:
    if month is None or not 1 <= month <= 12 or (to_month is not None and not month < to_month <= 12):
        return None
    if to_month is not None:
        return f"{year}-{month:02d}/{year}-{to_month:02d}"
    if day is None:
        return f"{year}-{month:02d}"
    if not _day_exists(year, month, day):
        return None
    first = f"{year}-{month:02d}-{day:02d}"
    if to_day is None or not _day_exists(year, till_month or month, to_day):
        return first
    return f"{first}/{year}-{till_month or month:02d}-{to_day:02d}"


def _day_exists(year: str, month: int, day: int) -> bool:
    return _date(int(year) if year.isdigit() else 2000, month, day) is not None


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    value = 1 if text == "元" else parse_numeral(text.replace("Ｏ", "〇"))
    return value if isinstance(value, int) else None
