"""The points of an article, on two levels."""

from __future__ import annotations


def test_numbered_headings_and_the_points_inside_them_are_two_levels(read_body):
    article = read_body(
        "一、四个特点设主题。一是避虚就实，主题设置以劝导日为主，结合实际开展。二是每周一题，每周发布主题，统一组织开展。\n"
        "二、四小载体造氛围。一是开设文明群，吸引群众参与。二是用好屏栏阵地，及时更新内容。"
    )
    assert article.outline == ["四个特点设主题", "四小载体造氛围"]
    assert article.outline_2 == ["避虚就实", "每周一题", "开设文明群", "用好屏栏阵地"]


def test_a_heading_of_two_clauses_stays_whole_where_its_exposition_follows(read_body):
    article = read_body(
        "一是坚持高位引领，在整改闭环上下功夫。建立领导包干机制，每月开展督查。\n二是坚持专项推进，在常态长效上用真招。持续开展专项整治行动。"
    )
    assert article.outline == ["坚持高位引领，在整改闭环上下功夫", "坚持专项推进，在常态长效上用真招"]


def test_lead_sentences_of_parallel_paragraphs_are_points(read_body):
    article = read_body(
        "建立积分标准。出台积分管理办法，将移风易俗、环境整治等内容纳入积分。\n拓宽兑换渠道。在各镇建成超市，居民凭积分可以兑换日用品。\n强化结果运用。每季度开展评选，对积分靠前的家庭给予优惠。"
    )
    assert article.outline == ["建立积分标准", "拓宽兑换渠道", "强化结果运用"]


def test_lead_sentences_inside_a_point_are_its_second_level(read_body):
    article = read_body(
        "一是在对标上下功夫。推动建立任务清单。将指标转化为各单位的日常工作标准和要求。推动建立问题清单。分门别类建立清单，推动销号清零到位。\n二是在呈现上下功夫。推动实施精心规划和精细管理，完善各项制度。"
    )
    assert article.outline == ["在对标上下功夫", "在呈现上下功夫"]
    assert article.outline_2 == ["推动建立任务清单", "推动建立问题清单"]


def test_short_lines_between_paragraphs_are_points(read_body):
    paragraph = "区里采取财政补一点、企业捐一点的办法，累计筹集资金，支持各村开展活动。"
    article = read_body(f"{paragraph}\n制度先行\n{paragraph}\n多方参与\n{paragraph}")
    assert article.outline == ["制度先行", "多方参与"]


def test_a_single_marker_opens_no_row_of_points(read_body):
    assert read_body("这项工作一是认识问题。大家普遍反映，活动开展得有声有色，成效明显。").outline == []
