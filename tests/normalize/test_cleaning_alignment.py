from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao_normalize.domain.cleaning import CleanText, UnreadableError, clean
from jianbao_text.alignment import Alignment

PIECES = st.sampled_from(
    [
        "一是", "二、", "创建", "文明城市", "文明城市建设，持续推进。", "縣委常委會", "責(zé)任", "芝罘(fú)", "，", "。", ",", ":", "(", ")",
        "“", "”", '"', "**", "*", "# ", "## ", "\n", "\n\n", "　　", " ", "  ", "\xa0", "2019 年", " 216 个", "100%", "3.5", "1,000",
        "&nbsp;", "&ldquo;", "&amp;amp;", "&amp;", "<br>", "<p>", "</p>", "<b>", "- 3 -", "7", "A-  A+", "【交流】", "?", "??h", "?shù)", "\ufffd",
        "\ue304", "\u200b", "\xad", "\x00", "\r\n", "\u2028", "http://a.cn/b?c=1,2", "a@b.cn", "(滨江区文明办)", "---", "> ", "[链接](u)", "中",
        "锛岀殑", "æ–‡æ˜Ž", "隨著", "；", "《", "》", "——", "第 2 期", "编者按：",
    ]
)  # fmt: skip
DOCUMENTS = st.lists(PIECES, max_size=40).map("".join)


def cleaned(text: str) -> CleanText | None:
    try:
        return clean(text.encode("utf-8", "surrogatepass"), media_type="text/plain", charset=None)
    except UnreadableError:
        return None


def assert_aligned(result: CleanText) -> None:
    position = 0
    reached = 0
    for start, length, original, original_length in result.alignment:
        assert start == position
        assert length > 0
        assert original >= reached
        assert original_length >= 0
        position += length
        reached = original if original_length != length else original + original_length
    assert position == len(result.text)
    alignment = Alignment(result.alignment)
    for place in range(len(result.text)):
        start, end = alignment.to_original(place, place + 1)
        assert 0 <= start <= end <= len(result.original)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_every_character_of_the_text_is_traced_to_the_original(document: str) -> None:
    result = cleaned(document)
    if result is not None:
        assert_aligned(result)
        assert len(result.paragraph_scripts) == result.text.count("\n") + 1
        for stretch in result.removed:
            assert 0 <= stretch.start <= stretch.end <= len(result.original)
        for place in result.damage:
            assert 0 <= place.start <= place.end <= len(result.text)
            assert 0 <= place.original_start <= place.original_end <= len(result.original)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_cleaning_a_clean_text_changes_nothing(document: str) -> None:
    once = cleaned(document)
    if once is not None:
        again = cleaned(once.text)
        assert again is not None
        assert again.text == once.text


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_cleaned_or_refused_with_a_reason(document: str) -> None:
    result = cleaned(document)
    if result is not None:
        assert_aligned(result)


def test_a_character_that_nothing_touched_is_the_same_in_the_original() -> None:
    result = cleaned("  责任\xa0落实。**一是**加强领导,压实 3 项责任。")
    assert result is not None
    alignment = Alignment(result.alignment)
    for place, character in enumerate(result.text):
        start, end = alignment.to_original(place, place + 1)
        if character.isalnum():
            assert result.original[start:end] == character
