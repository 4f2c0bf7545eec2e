"""Hits are shown as printed: marks lie on what was found, never on what was taken out of the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jianbao_search.domain.admission import admit
from jianbao_search.domain.card import card_from_json
from jianbao_search.domain.documents import documents_of
from jianbao_search.domain.highlight import finder
from jianbao_search.domain.original import cut, original_spans
from jianbao_search.domain.passages import joined, passages, rest
from jianbao_search.domain.query import parse, wanted
from jianbao_search.domain.snippet import WIDTH, snippet, title
from jianbao_text.alignment import Edited


def card_of(event, place: int = 0):
    return card_from_json(documents_of(event, admit(None, event))[place].card)


def find(q: str):
    return finder(wanted(parse(q)))


def marked(q: str, text: str) -> list[str]:
    return [text[mark.start : mark.end] for mark in find(q).marks(text)]


def test_a_whole_find_is_one_mark_and_its_words_are_marked_elsewhere():
    assert marked("文明城市创建", "文明城市创建。创建要全民参与，文明城市靠大家") == [
        "文明城市创建",
        "创建",
        "文明城市",
    ]


def test_a_find_runs_over_the_quotation_marks_and_breaks_inside_it():
    assert marked("“绣花功夫建设”", "以“绣花功夫”\n建设高水平") == ["绣花功夫”\n建设"]


def test_a_number_is_not_found_inside_a_longer_one():
    assert marked("16期", "第16期和第316期、16期") == ["16期", "16期"]


def test_case_and_width_make_no_difference():
    assert marked("app", "下载ＡＰＰ或App，不是happy") == ["ＡＰＰ", "App"]


def test_a_single_character_is_marked_only_where_it_touches_a_find():
    assert marked("白石镇", "白石镇的乡镇工作，白石村") == ["白石镇"]


def test_what_is_excluded_is_not_marked():
    assert marked("文明 -督导", "文明督导") == ["文明"]


def test_marks_in_the_original_leave_out_the_pinyin(seeds):
    card = card_of(seeds["001"])
    shown = snippet(card, find("推进文明城市创建"))
    assert "(chuàng)" in shown.original
    assert all("(" not in shown.original[start:end] for start, end in shown.marks)
    assert "(" not in shown.text
    printed = title(card, find("推進文明城市創建"))
    assert "".join(printed.original[start:end] for start, end in printed.marks) == "推進文明城市創建"


def test_a_title_is_shown_in_the_script_it_was_printed_in(seeds):
    assert title(card_of(seeds["001"]), find("南漳")).original.startswith("南漳縣“八抓八促”")


def test_a_snippet_without_finds_begins_with_the_body(seeds):
    assert snippet(card_of(seeds["000"]), find("")).text.startswith("滨江区围绕“滨滨有礼”文明品牌")


def test_the_window_with_most_different_finds_is_shown(make):
    text = "标题\n" + "志愿者在行动。" * 40 + "这里志愿者和网格员一起巡查。" + "志愿者在行动。" * 40
    shown = snippet(card_of(make(text, titles=[("标题", None)])), find("志愿者 网格员"))
    assert "网格员" in shown.text


def test_every_character_of_a_text_is_in_some_document(seeds):
    for event in seeds.values():
        found = documents_of(event, admit(None, event))
        held = " ".join(document.texts["body_char"] + document.texts["title_char"] for document in found)
        assert "苏简字" not in event.text or "苏 简 字 1004 号" in held


@given(st.text("文明創(chuàng)建 \n", max_size=80), st.data())
def test_every_mark_maps_to_characters_that_stand_in_the_original(original, data):
    spans = sorted(data.draw(st.sets(st.integers(0, max(len(original) - 1, 0)), max_size=8)))
    edited = Edited.of(original).delete([(place, place + 1) for place in spans if place < len(original)])
    runs = edited.alignment().runs
    start = data.draw(st.integers(0, len(edited.text)))
    end = data.draw(st.integers(start, len(edited.text)))
    mapped = original_spans(runs, start, end)
    assert "".join(original[low:high] for low, high in mapped) == edited.text[start:end]
    assert "".join(original[o : o + n] for _, _, o, n in cut(runs, start, end)) == edited.text[start:end]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=6))
def test_spans_and_their_rest_cover_a_text_once(spans):
    both = joined(spans, 40, gap=0) + rest(spans, 40)
    covered = sorted(place for start, end in both for place in range(start, end))
    assert covered == list(range(40))


def test_a_passage_is_parted_where_the_original_goes_on_with_something_else():
    original = "前半。" + "页脚" * 60 + "后半。"
    edited = Edited.of(original).delete([(3, 123)])
    found = passages(edited.text, original, edited.alignment().runs, [(0, 6)])
    assert [passage.original for passage in found] == ["前半。", "后半。"]
    assert WIDTH > 0
