"""Persons, bodies, titles, quoted names and document numbers."""

from __future__ import annotations

import pytest


def words(mentions):
    return [mention.text for mention in mentions]


@pytest.mark.parametrize(
    ("sentence", "persons"),
    [
        ("三塔集村党总支书记马成军告诉记者，大家都很支持。", ["马成军"]),
        ("居民陈秀英来到实践站，用积分兑换生活用品。", ["陈秀英"]),
        ("67岁老党员张贵成为五巷的街巷长。", ["张贵"]),
        ("“街巷长真好。”潘秀珍、周丽章等居民表示。", ["潘秀珍", "周丽章"]),
        ("深入学习贯彻习近平总书记重要论述。", ["习近平"]),
        ("坚持以习近平新时代中国特色社会主义思想为指导。", []),
        ("邀请市民代表和部门负责人面对面交流，居民高度评价。", []),
        ("深入开展“八五”普法，坚持“硬件”“软件”齐抓。", []),
    ],
)
def test_a_person_is_known_by_the_words_around_the_name(read_body, sentence, persons):
    assert words(read_body(sentence).persons) == persons


@pytest.mark.parametrize(
    ("sentence", "bodies"),
    [
        ("活动由区委宣传部会同区农业农村局组织，市创建办督查。", ["区委宣传部", "区农业农村局", "市创建办"]),
        ("安徽金种子集团有限公司捐赠物资。", ["安徽金种子集团有限公司"]),
        ("成立了县创建全省文明城市工作指挥部，县委书记任政委。", ["县创建全省文明城市工作指挥部"]),
        ("县文明办主任林国平介绍，县教育局局长出席。", ["县文明办"]),
        ("组织学雷锋志愿服务队和各单位文明办深入街道社区。", []),
        ("按照市文明委要求，漳州市文明委研究部署。", ["漳州市文明委"]),
        ("市委市政府全面加强领导。", ["市委", "市政府"]),
    ],
)
def test_a_body_is_named_by_its_longest_proper_form(read_body, sentence, bodies):
    assert words(read_body(sentence).organizations) == bodies


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("开展“最美楼道我来选”主题活动，推行“楼道长制”。", ["最美楼道我来选", "楼道长制"]),
        (
            "采取“八抓八促”方式，形成“社区海选、市级联评、群众终审”的模式。",
            ["八抓八促", "社区海选、市级联评、群众终审"],
        ),
        ("持续开展“身边好人”“最美南漳人”“南漳楷模”等推选活动。", ["身边好人", "最美南漳人", "南漳楷模"]),
        ("避免搞“一阵风”，牵住“牛鼻子”，整治“脏”“乱”。", []),
        ("他说：“谢谢大家，这里真好！”", []),
    ],
)
def test_a_quotation_is_a_name_by_its_shape_or_by_what_it_names(read_body, sentence, names):
    assert words(read_body(sentence).quoted_names) == names


def test_titles_are_listed_once_without_their_marks(read_body):
    article = read_body("出台《 》《积分管理办法（试行）》，修订《积分管理办法（试行）》和《关于印发〈条例〉的通知》。")
    assert words(article.works) == ["积分管理办法（试行）", "关于印发〈条例〉的通知"]


def test_a_document_number_begins_with_the_short_form_of_its_issuer(read_body):
    article = read_body("根据国办发〔2016〕19号和《实施意见》（浙政办发〔2019〕62号）要求，制定本方案。")
    assert words(article.document_numbers) == ["国办发〔2016〕19号", "浙政办发〔2019〕62号"]
    assert "浙政办" not in words(article.organizations)
