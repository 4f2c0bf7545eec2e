from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.quantities import find_quantities


def one(text: str) -> tuple[object, str, str | None]:
    (quantity,) = find_quantities(text)
    return quantity.value, quantity.unit, quantity.qualifier


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("约6万名市民", 60000, "名", "about"),
        ("近 6 万 名市民", 60000, "名", "about"),
        ("1730多名劝导员", 1730, "名", "over"),
        ("整改率98%以上", 98, "%", "at_least"),
        ("不少于20名志愿者", 20, "名", "at_least"),
        ("投入上千万元", 10_000_000, "元", "at_least"),
        ("不到半小时，30岁以下", 30, "岁", "under"),
        ("当了2年多", 2, "年", "over"),
        ("十余年", 10, "年", "over"),
        ("2-3个单位", (2, 3), "个", None),
        ("两三个单位", (2, 3), "个", None),
        ("补助5-10万元", (50000, 100_000), "元", None),
        ("百分之九十八点六", 98.6, "%", None),
        ("十二三岁", (12, 13), "岁", None),
        ("近三年来", 3, "年", None),
        ("历时近三年", 3, "年", "about"),
        ("仅一名干部", 1, "名", None),
        ("1名干部", 1, "名", None),
    ],
)
def test_an_amount_has_value_unit_and_qualifier(text, value, unit, qualifier):
    assert one(text) == (value, unit, qualifier)


@pytest.mark.parametrize(
    "text",
    [
        "第2期", "第三批试点", "一是加强领导", "一个品牌", "一名党员", "2016年以来", "2022 年 5 月 7 日", "9时30分", "三年级学生",
        "三轮车", "八十年代", "三位一体", "四套班子", "两代表一委员", "拨打12345", "027-87238963", "国发〔2017〕29号", "党的十九届五中全会",
        "“五个持续”", "《三个办法》", "四小载体", "十大行动", "千家万户", "数十名群众", "几百人", "三级医院", "二级响应", "五家渠市", "三门县",
        "二七区", "十字路口", "3栋2单元", "“战线、底线、标线、网线”四轮，", "不漏一家、不漏一桌", "每半年一次", "十分重要", "附近", "二人转",
    ],
)  # fmt: skip
def test_ordinals_dates_names_and_idioms_are_no_amounts(text):
    assert find_quantities(text) == []


def test_the_object_is_what_is_counted():
    (quantity,) = find_quantities("建立了1730多名文明骨干劝导员。")
    assert quantity.object == "文明骨干劝导员"


def test_the_text_of_an_amount_is_the_text_between_its_offsets():
    text = "今年抄告整改问题 216 个，整改率 100%。"
    assert [(q.text, text[q.start : q.end]) for q in find_quantities(text)] == [("216 个", "216 个"), ("100%", "100%")]


@given(
    st.text(
        alphabet="0123456789.,-至到约近超上不少于一二两三十百千万亿点多余几来 第年月日个名%“”《》。，人\n", max_size=80
    )
)
def test_amounts_stand_in_order_and_never_overlap(text):
    quantities = find_quantities(text)
    assert all(text[q.start : q.end] == q.text for q in quantities)
    assert all(a.end <= b.start for a, b in pairwise(quantities))


@pytest.mark.parametrize("unit", ["一", "9", "9 ", "9   万", "约", "“", "9-", "百分之", "不少于"])
def test_time_grows_with_the_length_of_the_text_only(unit):
    started = time.perf_counter()
    find_quantities(unit * (60_000 // len(unit)))
    assert time.perf_counter() - started < 5
