"""Filters: what a reader narrows a search by, and the condition each one is."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jianbao_search.domain import fields
from jianbao_search.domain.conditions import NOTHING, All, Between, Condition, Either, Term, Unscored
from jianbao_search.domain.office_names import UNNAMED, OfficeNames
from jianbao_text.places import gazetteer
from jianbao_text.script import to_simplified

KINDS = ("bulletin", "newspaper", "web_page")
SCRIPTS = ("simplified", "traditional", "mixed")

NAMES = ("region", "office", "series", "issue", "year", "from", "to", "kind", "script", "topic")
"""Names of the filters, as parameters of an address."""


class InvalidQueryError(ValueError):
    """A parameter cannot be meant as it stands. `str()` says in Chinese what is wrong and what would be right."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Filters:
    """`given`: the filters as they were written, by name, without empty ones; `conditions`: what they demand."""

    given: Mapping[str, str]
    conditions: tuple[Condition, ...]

    def narrow(self, condition: Condition) -> Condition:
        """Return a condition narrowed by all filters; scores stay as they are."""
        if condition == NOTHING or not self.conditions:
            return condition
        return All((condition, *(Unscored(one) for one in self.conditions)))


def filters(parameters: Mapping[str, str], offices: OfficeNames = UNNAMED) -> Filters:
    """Return the filters among parameters. Raises InvalidQueryError."""
    given = {name: value.strip() for name in NAMES if (value := parameters.get(name, "")).strip()}
    found: list[Condition] = [_READERS[name](value) for name, value in given.items() if name in _READERS]
    if "office" in given:
        found.append(_any_term(fields.OFFICE, offices.meant_by(given["office"])))
    if "from" in given or "to" in given:
        low = _day(given["from"], "from", first=True) if "from" in given else 1
        high = _day(given["to"], "to", first=False) if "to" in given else None
        found.append(Between(fields.PUBLISHED, low, high))
    return Filters(given, tuple(found))


def region_codes(value: str) -> tuple[str, ...]:
    """Return today's codes of what a region filter names: a code, a name, an abolished name. Raises InvalidQueryError."""
    places = gazetteer()
    if re.fullmatch(r"\d{6}", value):
        if places.region(value) is None:
            raise InvalidQueryError("region", f"没有代码为“{value}”的行政区划，请核对六位代码。")
        return (places.today(value),)
    named = places.named(to_simplified(value))
    if not named:
        raise InvalidQueryError("region", f"没有找到名为“{value}”的地区，请写规范名称（如“张家港市”）或六位代码。")
    return tuple(dict.fromkeys(places.today(region.adcode) for region in named))


def _region(value: str) -> Condition:
    return _any_term(fields.REGION, region_codes(value))


def _any_term(field: str, values: tuple[str, ...]) -> Condition:
    terms = tuple(Term(field, value) for value in values)
    return terms[0] if len(terms) == 1 else Either(terms)


def _issue(value: str) -> Condition:
    found = re.fullmatch(r"(总)?\s*第?\s*(\d{1,6})\s*期?", value)
    if not found:
        raise InvalidQueryError("issue", f"“{value}”不是期号，请写数字，如“16”或“总第316期”。")
    number = int(found[2])
    if found[1]:
        return Term(fields.CUMULATIVE, number)
    return Either((Term(fields.ISSUE, number), Term(fields.CUMULATIVE, number)))


def _year(value: str) -> Condition:
    found = re.fullmatch(r"(\d{4})年?", value)
    if not found:
        raise InvalidQueryError("year", f"“{value}”不是年份，请写四位数字，如“2022”。")
    return Term(fields.YEAR, int(found[1]))


def _one_of(parameter: str, field: str, allowed: tuple[str, ...], value: str) -> Condition:
    if value not in allowed:
        raise InvalidQueryError(parameter, f"“{value}”不可用，请从以下各项中选择：{'、'.join(allowed)}。")
    return Term(field, value)


def _day(value: str, parameter: str, *, first: bool) -> int:
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", value)
    year, month, day = (int(part) if part else 0 for part in found.groups()) if found else (0, 0, 0)
    if found and (not found[2] or 1 <= month <= 12) and (not found[3] or 1 <= day <= _days(year, month)):
        return year * 10000 + (month * 100 + day if first else (month or 12) * 100 + (day or 31))
    raise InvalidQueryError(parameter, f"“{value}”不是日期，请写成“2022-05-07”（也可只写年，或年和月）。")


def _days(year: int, month: int) -> int:
    return calendar.monthrange(max(year, 1), month)[1]


_READERS: dict[str, Callable[[str], Condition]] = {
    "region": _region,
    "series": lambda value: _any_term(fields.SERIES, tuple(dict.fromkeys((value, to_simplified(value))))),
    "issue": _issue,
    "year": _year,
    "kind": lambda value: _one_of("kind", fields.KIND, KINDS, value),
    "script": lambda value: _one_of("script", fields.SCRIPT, SCRIPTS, value),
    "topic": lambda value: _any_term(fields.TOPIC, tuple(dict.fromkeys((value, to_simplified(value))))),
}
