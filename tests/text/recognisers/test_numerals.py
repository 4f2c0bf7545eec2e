from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.numerals import parse_numeral


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12000", 12000), ("1,730", 1730), ("１２", 12), ("3.5万", 35000), ("5万多", 50000), ("1亿2000万", 120_000_000),
        ("一百二十", 120), ("一百零八", 108), ("三百五", 350), ("两万三", 23000), ("两万零三", 20003), ("十余万", 100_000),
        ("廿五", 25), ("二〇二二", 2022), ("九十八点六", 98.6), ("千万", 10_000_000), ("一亿二千万", 120_000_000), ("十", 10),
        ("1 260", 1260), ("叁佰", 300), ("一千万亿", 10**15),
    ],
)  # fmt: skip
def test_numerals_of_every_form_have_their_value(text, value):
    assert parse_numeral(text) == value


@pytest.mark.parametrize("text", ["", "三八", "五四", "十四五", "十百", "abc", "多", "1.2.3", "9" * 5000])
def test_what_is_no_number_has_no_value(text):
    assert parse_numeral(text) is None


def chinese(number: int) -> str:
    """Plain spelling of 1..9999, written apart from the code under test."""
    out, zero = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if zero and out else "") + "零一二三四五六七八九"[digit] + word
        zero = not digit
    return out


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_a_number_spelled_out_comes_back(low, high):
    text = (chinese(high) + "万" + ("零" if low < 1000 else "") if high else "") + chinese(low)
    assert parse_numeral(text) == high * 10000 + low


@given(st.text(alphabet="0123456789.,，零〇一二两三十百千万亿点多余几来 ", max_size=40))
def test_no_text_makes_it_fail(text):
    value = parse_numeral(text)
    assert value is None or value >= 0
