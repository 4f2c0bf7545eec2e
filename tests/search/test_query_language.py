"""What people type becomes a tree, and nothing they can type is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_search.domain.conditions import NOTHING
from jianbao_search.domain.plan import EVERYTHING, Piece, condition, pieces
from jianbao_search.domain.query import AnyOf, Exactly, Not, Office, Words, parse, understood_as


def nodes(typed: str) -> tuple:
    return parse(typed).nodes


def test_words_are_all_wanted():
    assert nodes("志愿者 网格员") == (Words("志愿者"), Words("网格员"))


@pytest.mark.parametrize(
    "typed", ['"绣花功夫"', "“绣花功夫”", "「绣花功夫」", "『绣花功夫』", "《绣花功夫》", "＂绣花功夫＂", "”绣花功夫“"]
)
def test_every_kind_of_quotation_mark_asks_for_exactly_this(typed):
    assert nodes(typed) == (Exactly("绣花功夫"),)


def test_a_quotation_inside_a_pasted_title_is_exact_and_the_rest_is_words():
    assert nodes("深化周三“文明提升日”活动") == (Words("深化周三"), Exactly("文明提升日"), Words("活动"))


def test_a_minus_before_a_word_excludes_it_and_one_inside_does_not():
    assert nodes("文明 -督导 2014-2016年") == (Words("文明"), Not(Words("督导")), Words("2014-2016年"))


def test_or_joins_its_two_neighbours_only():
    assert nodes("文明 街巷长 OR 网格员 OR 楼道长 创建") == (
        Words("文明"),
        AnyOf((Words("街巷长"), Words("网格员"), Words("楼道长"))),
        Words("创建"),
    )


def test_fields_take_words_and_phrases():
    assert nodes("title:志愿服务 标题：“绣花功夫” office:Hubei-WMB") == (
        Words("志愿服务", title_only=True),
        Exactly("绣花功夫", title_only=True),
        Office("hubei-wmb"),
    )


def test_traditional_and_full_width_are_read_as_simplified_and_half_width():
    assert nodes("精神文明建設　ＡＰＰ　－督導　街巷長　ＯＲ　網格員") == (
        Words("精神文明建设"),
        Words("APP"),
        Not(Words("督导")),
        AnyOf((Words("街巷长"), Words("网格员"))),
    )


@pytest.mark.parametrize(
    "typed", ['"', '" OR -', "OR OR", "- - -", "“”", "《》", "！！！", "😀", "-", "||", "\x00", "\ud800"]
)
def test_operators_without_anything_to_find_find_nothing(typed):
    query = parse(typed)
    assert query.nodes == ()
    assert condition(query) == (EVERYTHING if query.blank else NOTHING)


def test_an_unbalanced_quotation_mark_is_left_out():
    assert nodes('"文明城市 创建') == (Words("文明城市"), Words("创建"))


def test_nothing_typed_asks_for_everything():
    assert condition(parse("  ")) == EVERYTHING


def test_understood_as_reads_the_same_when_typed_again():
    typed = "文明 街巷长 OR 网格员 “绣花功夫” -title:督导 office:hubei-wmb"
    assert parse(understood_as(parse(typed))).nodes[-1] == Office("hubei-wmb")
    assert understood_as(parse(typed)) == "文明 (街巷长 OR 网格员) “绣花功夫” -title:督导 office:hubei-wmb"


def test_characters_in_no_word_are_found_together():
    assert pieces("计丽萍") == [Piece("together", "计丽萍")]
    assert pieces("2016年志愿者") == [Piece("word", "2016年"), Piece("word", "志愿者")]


@given(
    st.text(alphabet=st.characters(), max_size=60)
    | st.text(alphabet='"“”「」《》-| OR:title文明\x00\ud800😀（）', max_size=60)
)
def test_any_text_can_be_asked_for(typed):
    query = parse(typed)
    assert condition(query) is not None
    assert isinstance(understood_as(query), str)
