from __future__ import annotations

import time

import pytest

from jianbao_normalize.domain.cleaning import clean

PARAGRAPHS = [
    "南漳县采取“八抓八促”方式，全力争创省级文明城市，创建氛围空前浓厚，县域文明程度得到极大提升，城市面貌得到明显改善。",
    "一是抓机制促合力。成立了县创建全省文明城市工作指挥部，县委书记任政委、县长任指挥长。县委常委会每个季度研究部署一次创城工作。",
    "二是抓品牌促常态。扎实开展“享誉漳城”志愿服务活动，统一配置学雷锋志愿服务队标识用品，组织志愿服务队深入街道社区、公园广场。",
    "三是抓督查促包保。坚持每月一次现场推进会，每季度一次形势分析会，半年一次总结评估会，年底进行综合考核评比，做到检查不漏死角。",
    "四是抓覆盖促宣传。采取新闻媒体、户外广告牌、网络等形式，全方位、渗透式、持续性开展“讲文明树新风”公益广告宣传教育活动。",
]
HEAD = ["2017年湖北精神文明建设简报第一期", "发表时间：2017年04月14日 来源：湖北省文明办"]
BODY = "\n\n".join(PARAGRAPHS)


def cleaned(text: str):
    return clean(text.encode(), media_type="text/plain", charset=None)


@pytest.mark.parametrize(
    "second_head",
    [
        ["2017年湖北精神文明建设简报第一期", "发表时间:2017-04-14 来源:湖北省文明办"],
        [],
        ["2017年湖北精神文明建设简报第一期"],
    ],
)
def test_a_body_printed_twice_is_counted_twice_and_kept_once(second_head: list[str]) -> None:
    foot = "责任编辑：何霄\n主办：湖北省精神文明建设办公室 027-87238963"
    result = cleaned("\n".join([*HEAD, BODY, foot, *second_head, BODY, "湖北省精神文明建设办公室"]))
    assert result.copies_of_body == 2
    assert result.text.split("\n") == [*HEAD, *PARAGRAPHS, *foot.split("\n")]
    repeated = [result.original[s.start : s.end] for s in result.removed if s.kind == "repeated_text"]
    assert PARAGRAPHS[2] in "".join(repeated)
    assert len(result.paragraph_scripts) == result.text.count("\n") + 1


def test_a_second_printing_under_another_head_keeps_what_only_it_says() -> None:
    other = "省文明委转发南漳县经验材料，请各地结合实际认真学习借鉴"
    result = cleaned("\n".join([*HEAD, BODY, other, BODY, "联系人：李明，电话027-11112222"]))
    assert result.copies_of_body == 2
    assert result.text.split("\n") == [*HEAD, *PARAGRAPHS, other, "联系人：李明，电话027-11112222"]


def test_three_printings_are_counted() -> None:
    assert cleaned("\n".join([*HEAD, BODY, BODY, BODY])).copies_of_body == 3


def test_a_paragraph_only_the_second_printing_has_is_kept() -> None:
    more = "五是抓细节促节俭。狠抓文明餐桌行动，倡导勤俭节约理念，制作各类文明餐桌宣传品5万多份，投放城区3000多家酒店。"
    result = cleaned("\n".join([*HEAD, BODY, *PARAGRAPHS[:3], more, *PARAGRAPHS[3:]]))
    assert result.copies_of_body == 2
    assert result.text.split("\n") == [*HEAD, *PARAGRAPHS, more]


@pytest.mark.parametrize("damaged", ["创城\ufffd作", "创\ue304\ue305作", "创城工\ufffd\ufffd"])
def test_the_second_printing_mends_the_first(damaged: str) -> None:
    result = cleaned("\n".join([*HEAD, BODY.replace("创城工作", damaged), BODY]))
    assert PARAGRAPHS[1] in result.text
    (place,) = result.damage
    assert place.evidence == "second_copy"
    assert place.restored
    assert result.text[place.start : place.end] == place.restored
    assert place.restored in "创城工作"


def test_damage_of_the_second_printing_goes_with_it() -> None:
    result = cleaned("\n".join([*HEAD, BODY, BODY.replace("创城工作", "创城\ufffd作")]))
    assert result.damage == []
    assert "\ufffd" not in result.text


def test_damage_in_both_printings_stays_marked() -> None:
    damaged = BODY.replace("创城工作", "创城\ufffd作")
    result = cleaned("\n".join([*HEAD, damaged, damaged]))
    assert [place.restored for place in result.damage] == [None]
    assert result.text.count("\ufffd") == 1


def test_a_deliberate_refrain_stays() -> None:
    refrain = "让文明之花开遍城乡的每一个角落，让志愿红温暖这座城市的每一个清晨和黄昏。"
    lines = [*HEAD]
    for paragraph in PARAGRAPHS:
        lines += [paragraph, refrain]
    result = cleaned("\n".join(lines))
    assert result.copies_of_body == 1
    assert result.text.split("\n") == lines


def test_headlines_of_a_table_of_contents_stay() -> None:
    lines = [
        "【工作交流】",
        "张家港市：以“绣花功夫”建设高水平文明城市，全面推进",
        "张家港市：以“绣花功夫” 建设高水平文明城市，全面推进",
        *PARAGRAPHS,
    ]
    assert cleaned("\n".join(lines)).text.split("\n") == lines


def test_a_fragment_printed_again_by_a_slip_goes() -> None:
    fragment = PARAGRAPHS[0][8:]
    result = cleaned("\n\n".join([PARAGRAPHS[0][:8] + fragment, fragment[7:], PARAGRAPHS[1]]))
    assert result.text.split("\n") == PARAGRAPHS[:2]
    assert [s.kind for s in result.removed] == ["repeated_text"]


@pytest.mark.parametrize(
    "again", ["县域文明程度得到极大提升", "创建氛围空前浓厚，县域文明程度得到极大提升，城市面貌得到明显改善。"]
)
def test_a_heading_or_a_clause_that_repeats_the_text_stays(again: str) -> None:
    lines = [PARAGRAPHS[0], again, PARAGRAPHS[1]]
    assert cleaned("\n".join(lines)).text.split("\n") == lines


def test_a_megabyte_of_one_sentence_ends_within_seconds_and_loses_nothing() -> None:
    text = "深化文明城市创建，推动文明实践走深走实。" * 17_500
    started = time.monotonic()
    result = cleaned(text)
    assert time.monotonic() - started < 10
    assert result.text == text
    assert cleaned("\n".join([PARAGRAPHS[0]] * 5000)).text.count("\n") == 4999
