"""The dictionaries: the default one, the project's own words, and files in IK's format."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jianbao_text.ik import QUANTIFIERS, WORDS, DictionaryError, Segmenter, default_segmenter, load_words


@pytest.mark.parametrize(
    "word",
    [
        "街巷长",
        "网格员",
        "微网格长",
        "新时代文明实践站",
        "文明典范城市",
        "创文",
        "道德模范",
        "身边好人",
        "飞线充电",
        "楼道长",
        "片长制",
        "融媒体",
        "抄告",
        "专班",
        "院坝会",
        "屋场会",
        "板凳会",
    ],
)
def test_words_of_bulletins_are_one_token_in_both_modes(default, word):
    assert word in [token.text for token in default.max_word(f"全市{word}。")]
    assert [token.text for token in default.smart(f"，{word}。")] == [word]


def test_the_parts_of_an_own_word_can_be_searched_too(default):
    texts = [token.text for token in default.max_word("新时代文明实践站")]
    assert {"文明实践", "文明实践站", "文明", "实践"} <= set(texts)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("印发简报18条", "18条"),
        ("共5家", "5家"),
        ("于2016年", "2016年"),
        ("第16期", "16期"),
        ("约3公里", "3公里"),
        ("达三百二十一名", "三百二十一名"),
    ],
)
def test_numbers_take_their_measure_word_in_smart(default, text, quantity):
    assert quantity in [token.text for token in default.smart(text)]


def test_the_default_segmenter_is_built_once():
    assert default_segmenter() is default_segmenter()


def test_the_default_segmenter_does_not_import_jieba():
    code = (
        "import sys; from jianbao_text.ik import default_segmenter; default_segmenter(); print('jieba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("path", [WORDS, QUANTIFIERS])
def test_every_line_of_our_files_can_be_found_and_stands_once(path):
    words = load_words(path)
    assert len(words) == len(set(words)) > 200
    for word in words:
        assert [token.text for token in Segmenter([word], []).smart(word)] == [word]


def test_a_file_in_ik_format_is_read_with_bom_comments_and_blank_lines(tmp_path):
    path = tmp_path / "main.dic"
    path.write_bytes("\ufeff一一列举\r\n# 说明\n\n  街巷长 \nb超".encode())
    assert load_words(path) == ["一一列举", "街巷长", "b超"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [("街巷长\n".encode("gb18030"), "not UTF-8"), (b"", "no word"), ("街巷长 3 n\n网格员 3 n\n".encode(), "no word")],
)
def test_a_file_that_cannot_work_is_refused_with_its_name_and_the_reason(tmp_path, content, reason):
    path = tmp_path / "words.dic"
    path.write_bytes(content)
    with pytest.raises(DictionaryError, match=reason) as refused:
        load_words(path)
    assert "words.dic" in str(refused.value)


def test_the_real_documents_are_cut_without_loss(default, seed_documents):
    documents = sorted(seed_documents.glob("*.txt"))
    assert documents
    for path in documents:
        text = path.read_text(encoding="utf-8")
        for cut in (default.max_word, default.smart):
            covered = {place for token in cut(text) for place in range(token.start, token.end)}
            assert all(place in covered for place, character in enumerate(text) if "\u4e00" <= character <= "\u9fff")
