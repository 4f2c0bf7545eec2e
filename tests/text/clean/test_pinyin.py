from __future__ import annotations

import pytest

from jianbao_text.pinyin import find_annotations, readings


def stripped(text: str) -> str:
    for start, end in reversed(find_annotations(text)):
        text = text[:start] + text[end:]
    return text


@pytest.mark.parametrize(
    ("printed", "edited"),
    [
        ("責(zé)任領(lǐng)導(dǎo)", "責任領導"),
        ("責（zé）任", "責任"),
        ("綠(lǜ)化戰(zhàn)線(xiàn)", "綠化戰線"),
        ("設(she\u0300)施", "設施"),
    ],
)
def test_annotations_of_traditional_characters_go(printed: str, edited: str) -> None:
    assert stripped(printed) == edited


@pytest.mark.parametrize(
    "text",
    [
        "山东省烟台市芝罘(fú)区", "柚(yòu)苑社区", "责(zé)任", "縣(Xiàn)", "縣(xian)", "區(漳文)", "業(APP)", "設(i)",
        "來(Café)", "縣(Li Ming)", "責(zérèn)任", "(zé)", "芝罘（fú）區",
    ],
)  # fmt: skip
def test_genuine_glosses_and_other_brackets_stay(text: str) -> None:
    assert stripped(text) == text


def test_a_reading_without_tone_goes_only_in_an_annotated_document() -> None:
    assert stripped("我們(men)") == "我們(men)"
    assert stripped("責(zé)任領(lǐng)導(dǎo)，我們(men)") == "責任領導，我們"


def test_a_document_says_which_characters_it_annotates() -> None:
    assert readings("技術(shù)責(zé)任數(shù)據") == {"shù": {"術", "數"}, "zé": {"責"}}


def test_all_annotations_of_the_annotated_sample_are_found(seed_documents) -> None:
    text = next(seed_documents.glob("001*")).read_text(encoding="utf-8")
    assert len(find_annotations(text)) == 362
