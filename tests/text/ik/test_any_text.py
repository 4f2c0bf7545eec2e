"""What holds for any text whatever: bounds, order, nothing lost, nothing that grows out of proportion."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.ik import Segmenter

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
LETTERS = re.compile("[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]")
PIECES = [
    *"的了一二三十百千万亿个条年元0123aZ,.-#@_，。（\n　〇々あ가😀𠮷哈",
    *(
        "街巷长",
        "文明城市",
        "中华人民共和国",
        "志愿服务",
        "T恤",
        "the",
        "ＡＢ１",
        "平方公里",
        "2016年",
        "新时代文明实践站",
    ),
]
mixed = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
anything = st.one_of(mixed, st.text(max_size=60))


def _covered(tokens):
    return {place for token in tokens for place in range(token.start, token.end)}


@given(text=anything)
def test_tokens_lie_in_the_text_and_read_like_it(default, text):
    for token in default.max_word(text) + default.smart(text):
        assert 0 <= token.start < token.end <= len(text)
        assert len(token.text) == token.end - token.start
        written = text[token.start : token.end]
        assert token.text == "".join(_half_width(character) for character in written)


def _half_width(character):
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return character.lower() if character.isascii() else character


@given(text=anything)
def test_max_word_loses_no_han_and_no_letter_and_smart_no_han(default, text):
    stopped = Segmenter([], [])
    kept = _covered(stopped.max_word(text))  # what is not covered here is a stop word or no letter at all
    for match in HAN.finditer(text):
        assert match.start() in _covered(default.max_word(text))
        assert match.start() in _covered(default.smart(text))
    for match in LETTERS.finditer(text):
        if match.start() in kept:
            assert match.start() in _covered(default.max_word(text))


@given(text=anything)
def test_smart_tokens_follow_one_another_and_words_come_by_begin_then_length(default, text):
    smart = default.smart(text)
    assert all(one.end <= other.start for one, other in pairwise(smart))
    words = [token for token in default.max_word(text) if token.kind != "CN_CHAR"]
    keys = [(token.start, -token.end) for token in words]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(first=mixed, second=mixed)
def test_a_line_break_parts_two_texts(default, first, second):
    for cut in (default.max_word, default.smart):
        apart = [token[:2] for token in cut(first)]
        apart += [(token.start + len(first) + 1, token.end + len(first) + 1) for token in cut(second)]
        assert [token[:2] for token in cut(first + "\n" + second)] == apart


def test_a_long_text_is_cut_like_its_parts(default):
    line = "滨江区围绕文明品牌，自2016年起已持续三年开展每周三“文明提升日”活动,服务群众1600余人次ABC-12。\n"
    for cut in (default.max_word, default.smart):
        part = [token[:2] for token in cut(line)]
        whole = [token[:2] for token in cut(line * 300)]
        assert whole == [(s + len(line) * n, e + len(line) * n) for n in range(300) for s, e in part]


@pytest.mark.parametrize("shift", range(8))
def test_a_text_without_a_break_is_not_cut_inside_a_word(default, shift):
    text = "了" * shift + "街巷长的" * 3000
    assert sum(token.text == "街巷长" for token in default.smart(text)) == 3000


@pytest.mark.parametrize(
    "run", ["哈", "一", "a", "1", "1,", "-", "，", "\n", "中华人民共和国", "十个", "😀", "a-", "万元", "万"]
)
def test_time_grows_with_the_text_only_even_where_one_character_repeats(default, run):
    text = run * (400_000 // len(run.encode()))
    began = time.process_time()
    longest = max((len(token.text) for cut in (default.max_word, default.smart) for token in cut(text)), default=0)
    assert longest <= 4096, "no index takes a token without bound"
    assert time.process_time() - began < 20, "0.4 MB takes well under 2 s; anything quadratic takes many minutes"


def test_a_text_without_words_has_no_tokens(default):
    for text in ("", " \n\u3000", "，。！（）——", "\x00\ufeff\u200b"):
        assert default.max_word(text) == default.smart(text) == []


@pytest.mark.parametrize("dictionary", [[], ["", "，", "第 16 期", "a-b"]])
def test_without_a_usable_word_every_han_stands_alone(dictionary):
    assert [token.text for token in Segmenter(dictionary, []).smart("第 16 期，a-b")] == ["第", "16", "期", "a-b"]
