"""Cleaning of the five real documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jianbao_normalize.domain.cleaning import CleanText, clean


@pytest.fixture(scope="module")
def cleaned(seed_documents: Path) -> dict[str, CleanText]:
    return {
        path.name[:3]: clean(path.read_bytes(), media_type="text/plain", charset=None)
        for path in sorted(seed_documents.glob("*.txt"))
    }


def test_no_annotation_is_left_in_the_annotated_bulletin(cleaned: dict[str, CleanText]) -> None:
    result = cleaned["001"]
    assert len(re.findall("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]", result.text)) == 0
    taken = sum(stretch.kind == "pinyin" for stretch in result.removed)
    assert 360 <= taken <= 362


def test_the_body_printed_twice_is_kept_once(cleaned: dict[str, CleanText]) -> None:
    result = cleaned["001"]
    assert (result.copies_of_body, result.script) == (2, "traditional")
    for line in ("一是抓机制促合力", "四是接网线，驱动平台推创建", "2017年湖北精神文明建设简报第一期"):
        assert result.text.count(line) == 1
    assert "县长任指挥长。县委常委会" in result.text


def test_masthead_and_contact_lines_are_kept(cleaned: dict[str, CleanText]) -> None:
    lines = cleaned["001"].text.split("\n")
    assert lines[:3] == [
        "2017年湖北精神文明建设简报第一期",
        "发表时间：2017年04月14日 来源：湖北省文明办",
        "【创建交流】",
    ]
    assert lines[-4:] == [
        "责任编辑：何霄",
        "湖北省精神文明建设办公室主办 技术支持：荆楚网 027-87238963",
        "投稿邮箱：hbwmwxxbs@vip.163.com 鄂ICP备18025215号",
        "鄂公网安备42010602004607号",
    ]


def test_the_shifted_run_is_mended_from_its_bytes(cleaned: dict[str, CleanText]) -> None:
    result = cleaned["001"]
    assert "愚公山于财等一批典型人\ufffd，受到中央" in result.text
    assert [(place.restored, place.evidence) for place in result.damage] == [("等一批典型人", "bytes"), (None, None)]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("000", "二是每周一题"),
        ("000", "每逢全国文明指数测评"),
        ("002", "我们都应当向他们学习"),
        ("002", "各街道社区和部门单位通过团队协作"),
        ("002", "1558名网格员任文明志愿者"),
        ("002", "市级文明镇11个"),
        ("002", "提升县城面貌"),
        ("003", "“全员参与”的组机制"),
        ("003", "二是全方位研判“要什么”"),
        ("003", "文明志愿者活动，强化群众感知"),
        ("003", "长效常态化。同时与联创单位"),
        ("003", "加大社区人居环境整治力度"),
        ("003", "传统美德，社区紧扣养老特色"),
        ("004", "制定实施有针对性的整改措施"),
        ("004", "推动激发文明创建群众参与度"),
        ("004", "针对城乡集镇公益广告"),
        ("004", "广泛实施棚户区和老旧小区改造"),
        ("004", "制定实施《关于建立健全"),
        ("004", "宣传文明楼道创建工作，努力"),
        ("004", "实行网格化管理"),
    ],
)
def test_every_sentence_cut_by_a_page_is_joined(cleaned: dict[str, CleanText], document: str, sentence: str) -> None:
    assert sentence in cleaned[document].text


@pytest.mark.parametrize("document", ["000", "002", "003", "004"])
def test_no_letter_is_lost_but_the_repeated_fragment(cleaned: dict[str, CleanText], document: str) -> None:
    result = cleaned[document]
    kept = list(result.original)
    for stretch in result.removed:
        kept[stretch.start : stretch.end] = " " * (stretch.end - stretch.start)
    assert re.findall(r"\w", result.text.replace("国窖", "國窖")) == re.findall(r"\w", "".join(kept))
    repeated = [result.original[s.start : s.end] for s in result.removed if s.kind == "repeated_text"]
    assert len(repeated) == (1 if document == "002" else 0)
    assert result.copies_of_body == 1


def test_headlines_by_lines_and_the_distribution_list_stay_lines(cleaned: dict[str, CleanText]) -> None:
    for document, lines in {
        "000": ["杭州精神文明建设", "信息交流", "第2期", "（总第316期）", "2019年04月08日", "（滨江区文明办）"],
        "002": ["陈思安", "弘文 刘峰", "国窖", "1573", "赵明明 摄", "党政领导与文明建设"],
        "003": ["白石镇", "紫港街道柚苑社区"],
        "004": ["第16期", "2022年5月7日", "报：中央文明办", "省文明委主任、副主任、委员", "（苏简字1004号 共印400份）"],
    }.items():
        assert set(lines) <= set(cleaned[document].text.split("\n"))


@pytest.mark.parametrize("document", ["000", "001", "002", "003", "004"])
def test_cleaning_a_clean_bulletin_changes_nothing(cleaned: dict[str, CleanText], document: str) -> None:
    text = cleaned[document].text
    assert clean(text.encode(), media_type="text/plain", charset=None).text == text
