from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.dates import find_dates, parse_date


def values(text: str, **kwargs: object) -> list[str]:
    return [mention.value for mention in find_dates(text, **kwargs)]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_full_date_is_read_in_every_written_form(day):
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    small = ["", *"一二三四五六七八九", "十", *(f"十{d}" for d in "一二三四五六七八九"), "二十"]
    small += [f"二十{d}" for d in "一二三四五六七八九"] + ["三十", "三十一"]
    forms = [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month:02d} 月 {day.day:02d} 日",
        f"{str(day.year).translate(digits)}年{small[day.month]}月{small[day.day]}日",
        day.isoformat(),
        day.strftime("%Y.%m.%d"),
        f"{day.year}/{day.month}/{day.day}",
    ]
    assert [parse_date(f"（{form}）") for form in forms] == [day] * len(forms)
    assert [values(form) for form in forms] == [[day.isoformat()]] * len(forms)


@pytest.mark.parametrize("text", ["", "2019年13月1日", "2019-02-30", "第2期", "1.2.3", "32019-04-08"])
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016年", ["2016"]),
        ("2020年2月", ["2020-02"]),
        ("2014-2016年", ["2014/2016"]),
        ("2014年至2016年", ["2014/2016"]),
        ("2018年3月至2019年5月", ["2018-03/2019-05"]),
        ("2018年3月至5月", ["2018-03/2018-05"]),
        ("2019年4月6日至8日", ["2019-04-06/2019-04-08"]),
        ("2021年上半年", ["2021-01/2021-06"]),
        ("上世纪80年代", ["1980/1989"]),
        ("4月6日上午", ["--04-06"]),
        ("去年6月", []),
        ("今年", []),
        ("每月一次，3年，两个月，每周三，1500多年", []),
        ("2月30日", []),
    ],
)
def test_expressions_mean_what_they_say_without_a_year_of_publication(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4月6日", "2019-04-06"),
        ("去年6月", "2018-06"),
        ("今年", "2019"),
        ("明年", "2020"),
        ("12月28日", "2018-12-28"),
        ("6月", "2019-06"),
    ],
)
def test_the_year_of_publication_completes_them(text, expected):
    assert values(text, published_on=date(2019, 4, 8)) == [expected]


def test_a_year_alone_is_enough_and_is_taken_as_given():
    assert values("4月6日和12月28日", year=2019) == ["2019-04-06", "2019-12-28"]


@given(st.text(alphabet="0123456789年月日至到-./今去 二〇一十上半第季度\n", max_size=60))
def test_mentions_stand_in_order_with_their_text(text):
    mentions = find_dates(text, published_on=date(2019, 4, 8))
    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


@pytest.mark.parametrize("unit", ["2019年", "9", "2019 ", "4月", "二", "4月6日至"])
def test_time_grows_with_the_length_of_the_text_only(unit):
    started = time.perf_counter()
    find_dates(unit * (60_000 // len(unit)))
    assert time.perf_counter() - started < 5
