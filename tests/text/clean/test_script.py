from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jianbao_text.script import is_traditional_form, script_of, to_simplified, variant_of


@pytest.mark.parametrize(
    ("paragraph", "script"),
    [
        ("南漳縣採取“八抓八促”方式，全力爭創省級文明城市", "traditional"),
        ("南漳县采取“八抓八促”方式，全力争创省级文明城市", "simplified"),
        ("國窖", "traditional"),
        ("全國文明單位龙轴杯办实现丰顺", "mixed"),
        ("文明城市", None),
        ("2017 A+", None),
        ("", None),
    ],
)
def test_a_paragraph_is_judged_by_the_characters_that_tell(paragraph: str, script: str | None) -> None:
    assert script_of(paragraph) == script


@given(st.text(alphabet=st.characters(), max_size=200))
@example("\ud800縣\udfff\x00乾隆")
@example("衞\ud83d隨著")
@example("隨著" + chr(0x2A6D6) + "專著")
def test_conversion_keeps_the_length_of_any_string(text: str) -> None:
    assert len(to_simplified(text)) == len(text)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("隨著民眾參與，專著和名著顯著增加，接著執著推進", "随着民众参与，专著和名著显著增加，接着执著推进"),
        ("衞生署枱面敍述", "卫生署台面叙述"),
        ("乾隆年間的乾縣幹部", "乾隆年间的乾县干部"),
        ("程序、線上、簡報、建立、智慧城市", "程序、线上、简报、建立、智慧城市"),
    ],
)
def test_taiwan_and_hong_kong_forms_become_simplified_and_words_stay(traditional: str, simplified: str) -> None:
    assert to_simplified(traditional) == simplified


def test_the_variant_may_be_that_of_the_whole_document() -> None:
    assert variant_of("隨著") == "tw2s"
    assert variant_of("隨著，看着") == "t2s"
    assert variant_of("衞生") == "hk2s"
    assert to_simplified("朝著目標", "tw2s") == "朝着目标"


def test_a_character_is_a_traditional_form_if_simplified_writes_it_otherwise() -> None:
    assert is_traditional_form("責")
    assert not is_traditional_form("罘")
    assert not is_traditional_form("柚")
