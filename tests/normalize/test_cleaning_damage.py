from __future__ import annotations

import pytest

from jianbao_normalize.domain.cleaning import clean

ANNOTATED = {"縣": "xiàn", "數": "shù", "責": "zé", "務": "wù"}
MARKS = {"？": "?", "，": ",", "：": ":", "（": "(", "）": ")"}


def damaged(text: str, *, annotate: bool = False, marks: bool = False, lost: str = "?", swallow: bool = False) -> str:
    """Make the damage as it was made: replace on the bytes of GBK text, then read pairs, `lost` for what is none."""
    code = text.encode("gbk")
    if marks:
        for full, half in MARKS.items():
            code = code.replace(full.encode("gbk"), half.encode())
    if annotate:
        for character, reading in ANNOTATED.items():
            code = code.replace(character.encode("gbk"), character.encode("gbk") + f"({reading})".encode("gbk"))
    read, place = "", 0
    while place < len(code):
        pair = code[place : place + 2]
        if pair[0] < 0x80:
            read, place = read + chr(pair[0]), place + 1
        elif len(pair) == 2 and 0x40 <= pair[1] != 0x7F:
            read, place = read + pair.decode("gb18030", errors="replace"), place + 2
        else:
            read, place = read + lost, place + (2 if swallow and pair[1:] == b"(" else 1)
    return read


def cleaned(text: str):
    return clean(text.encode(), media_type="text/plain", charset=None)


@pytest.mark.parametrize(("lost", "swallow"), [("?", False), ("?", True), ("\ufffd", False)])
def test_an_annotation_set_between_two_characters_is_undone_from_the_bytes(lost: str, swallow: bool) -> None:
    text = "縣委責任數據，湧現出義務護路愚公山于財等一批典型人物,受到中央表彰。"
    printed = damaged(text, annotate=True, lost=lost, swallow=swallow)
    assert "財等" not in printed
    result = cleaned(printed)
    assert "愚公山于财等一批典型人物，受到中央表彰。" in result.text.replace("\ufffd", "物")
    first = result.damage[0]
    assert (first.kind, first.evidence) == ("gbk_shift", "bytes")
    assert first.restored in ("等一批典型人", "等一批典型人物")


@pytest.mark.parametrize("lost", ["?", "\ufffd"])
def test_a_mark_replaced_between_two_characters_gives_back_the_second(lost: str) -> None:
    printed = damaged("縣長任指揮長。縣委常委會研究工作。", marks=True, lost=lost)
    assert f"{lost}?h" in printed
    result = cleaned(printed)
    assert result.text == "县长任指挥长\ufffd县委常委会研究工作。"
    (place,) = result.damage
    assert (place.kind, place.restored) == ("gbk_shift", None)
    assert result.text[place.start : place.end] == "\ufffd县"
    assert result.original[place.original_start : place.original_end] == f"{lost}?h"


@pytest.mark.parametrize(
    "text",
    [
        "你知道吗??好的,我们知道了。",
        "怎么办?大家说:好办!",
        "什么是文明??hello,朋友。",
        "文明(shù)城市，没有问题",
        "为什么?(答案见后)大家一起想一想。",
        "新闻媒体+户外广告牌+网络+N形式",
    ],
)
def test_questions_are_no_damage(text: str) -> None:
    result = cleaned(text)
    assert result.damage == []
    assert "\ufffd" not in result.text


def test_a_private_character_is_marked_and_reported() -> None:
    result = cleaned("文明\ue304城市建设，全面推进。")
    assert result.text == "文明\ufffd城市建设，全面推进。"
    (place,) = result.damage
    assert (place.kind, place.restored, place.start, place.end) == ("mojibake", None, 2, 3)


def test_what_a_decoder_gave_up_is_reported_once() -> None:
    result = cleaned("文明\ufffd\ufffd城市建设。")
    assert [(p.kind, p.start, p.end, p.original_start, p.original_end) for p in result.damage] == [
        ("replacement", 2, 4, 2, 4)
    ]


def test_a_lost_character_before_a_comma_is_marked() -> None:
    result = cleaned("典型人?,受到表彰。")
    assert (result.text, result.damage[0].kind) == ("典型人\ufffd，受到表彰。", "lost")


@pytest.mark.parametrize(("written", "read"), [("utf-8", "cp1252"), ("utf-8", "latin-1"), ("gbk", "latin-1")])
def test_text_read_as_latin_is_read_again(written: str, read: str) -> None:
    original = "文明城市建"
    result = cleaned(f"标题：{original.encode(written).decode(read)}设全面推进。")
    assert result.text == "标题：文明城市建设全面推进。"
    assert [(p.kind, p.restored, p.evidence) for p in result.damage] == [("mojibake", original, "bytes")]


def test_utf_8_read_as_gbk_is_read_again() -> None:
    printed = "深入实施文明城市创建。全面推进".encode().decode("gb18030", errors="replace")
    result = cleaned(printed)
    assert result.text.startswith("深入实施文明城市创建。全面推")
    assert {place.kind for place in result.damage} == {"mojibake"}


def test_a_bullet_of_a_symbol_font_is_no_damage() -> None:
    result = cleaned("\uf06c 坚持问题导向，推进整改。\n\uf06c 坚持目标导向，推进创建。")
    assert result.text == "坚持问题导向，推进整改。\n坚持目标导向，推进创建。"
    assert result.damage == []
    assert [stretch.kind for stretch in result.removed] == ["markup", "markup"]


def test_sound_text_around_a_misread_run_is_left_alone() -> None:
    misread = "文明城市创建。全面推进，".encode().decode("gb18030")
    assert cleaned(f"二、{misread}二、深入实施").text == "二、文明城市创建。全面推进，二、深入实施"
