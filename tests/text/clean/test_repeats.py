from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.repeats import Repeat, find_repeats

BODY = "南漳县采取八抓八促方式全力争创省级文明城市创建氛围空前浓厚县域文明程度得到极大提升"


def test_a_text_printed_again_is_one_repeat() -> None:
    assert find_repeats(BODY + "中间" + BODY) == [Repeat(0, len(BODY) + 2, len(BODY))]


def test_short_phrases_in_common_are_no_repeat() -> None:
    assert find_repeats("推进文明城市创建工作" + "再次" + "推进文明城市创建工作") == []


def test_a_repeat_goes_on_behind_a_small_difference() -> None:
    other = BODY[:20] + "某" + BODY[21:]
    repeats = find_repeats(BODY + other)
    assert [(r.first, r.length) for r in repeats] == [(0, 20), (21, len(BODY) - 21)]


@given(st.text(alphabet="文明城", max_size=200))
def test_what_is_reported_is_the_same_text_and_never_overlaps_below(text: str) -> None:
    end = 0
    for repeat in find_repeats(text, 4):
        assert text[repeat.first : repeat.first_end] == text[repeat.second : repeat.second_end]
        assert repeat.first < repeat.second
        assert repeat.second >= end
        end = repeat.second_end


def test_one_sentence_over_and_over_takes_seconds_not_hours() -> None:
    text = (BODY * 10_000)[:350_000]
    started = time.monotonic()
    repeats = find_repeats(text)
    assert time.monotonic() - started < 10
    assert repeats == [Repeat(0, len(BODY), len(text) - len(BODY))]
