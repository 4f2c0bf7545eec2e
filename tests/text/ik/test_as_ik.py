"""The same tokens as IK Analyzer, in both modes: recorded answers, then the rules one by one."""

from __future__ import annotations

import pytest

from jianbao_text.ik import Segmenter


def _spans(tokens):
    return [f"{token.start}-{token.end} {token.kind}" for token in tokens]


def _texts(tokens):
    return [token.text for token in tokens]


@pytest.mark.parametrize("mode", ["max_word", "smart"])
def test_every_recorded_answer_of_ik_is_given_again(reference, small, mode):
    wrong = [case["text"] for case in reference.cases if _spans(getattr(small, mode)(case["text"])) != case[mode]]
    assert wrong == []
    assert len(reference.cases) > 150


def test_max_word_gives_every_word_and_smart_one_reading(small):
    words = ["中华人民共和国", "中华人民", "中华", "华人", "人民共和国", "人民", "共和国", "共和", "和国"]
    assert _texts(small.max_word("中华人民共和国")) == words
    assert _texts(small.smart("中华人民共和国")) == ["中华人民共和国"]


def test_the_end_of_a_long_word_comes_again_where_the_last_word_ended_earlier():
    assert _texts(Segmenter(["甲乙丙", "甲乙"], []).max_word("甲乙丙")) == ["甲乙丙", "甲乙", "丙"]


def test_smart_prefers_fewer_words_then_the_later_end(small):
    assert _texts(small.smart("研究生命起源")) == ["研究", "生命", "起源"]


def test_smart_joins_a_number_with_its_measure_word_and_max_word_does_not(small):
    assert _spans(small.smart("第18条3百个")) == ["0-1 CN_CHAR", "1-4 TYPE_CQUAN", "4-7 TYPE_CQUAN"]
    assert _texts(small.max_word("18条")) == ["18", "条"]


def test_a_measure_word_is_seen_only_behind_a_number(small):
    assert _spans(small.max_word("条3条")) == ["0-1 CN_CHAR", "1-2 ARABIC", "2-3 COUNT"]


def test_a_number_that_is_a_dictionary_word_hides_the_measure_word_behind_it(small):
    assert _spans(small.max_word("二十名")) == ["0-2 CN_WORD", "2-3 CN_CHAR"]
    assert _spans(small.max_word("二八名")) == ["0-2 TYPE_CNUM", "2-3 COUNT"]


def test_a_number_split_by_a_comma_takes_no_measure_word(small):
    assert "COUNT" not in {token.kind for token in small.max_word("3,500元")}
    assert _spans(small.smart("3.5元")) == ["0-4 TYPE_CQUAN"]


def test_words_in_mixed_letters_come_whole_and_in_parts(small):
    assert _texts(small.max_word("ABC-12")) == ["abc-12", "abc", "12"]
    assert _texts(small.smart("ABC-12")) == ["abc-12"]


def test_full_width_becomes_half_width_in_one_step_only(small):
    assert _texts(small.max_word("ａ１Ｂ")) == ["a1B", "1", "B"]


def test_the_33_english_stop_words_are_dropped_and_chinese_words_are_not(small):
    assert _texts(small.smart("The 的 of IT")) == ["的"]


def test_a_group_of_too_many_crossing_words_is_the_first_word_and_the_rest(small):
    assert [len(token.text) for token in small.smart("哈" * 30)] == [4, 26]
    assert _texts(small.smart("哈" * 10)) == ["哈" * 3, "哈" * 4, "哈" * 3]


def test_rare_characters_and_emoji_count_one_and_are_tokens(small):
    assert _spans(small.max_word("😀哈哈𠮷")) == ["0-1 CN_CHAR", "1-3 CN_WORD", "3-4 CN_CHAR"]
    assert _spans(small.smart("在𠮷野家")) == ["0-1 CN_CHAR", "1-4 CN_WORD"]


def test_half_a_surrogate_pair_is_no_token_and_breaks_nothing(small):
    assert _texts(small.max_word("人民\ud842人民")) == ["人民", "人民"]
