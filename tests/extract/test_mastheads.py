"""What head and foot of a bulletin tell."""

from __future__ import annotations

import pytest

PARAGRAPH = "今年以来，荣成市把信用建设融入精神文明建设全过程，注册志愿者达到15.8万人，覆盖全部镇街。"


def test_a_serial_is_read_with_its_issue_its_date_and_its_issuers(read):
    facts = read(
        f"文明创建工作动态\n2021年第9期（总第87期）\n中共威海市委宣传部\n威海市精神文明建设委员会办公室编 2021年6月18日\n荣成市信用积分兑出文明新风\n{PARAGRAPH}"
    ).bulletin
    assert facts.series == "文明创建工作动态"
    assert (facts.issue.year, facts.issue.number, facts.issue.cumulative) == (2021, 9, 87)
    assert facts.published_on == "2021-06-18"
    assert facts.issuers == ["中共威海市委宣传部", "威海市精神文明建设委员会办公室"]
    assert (facts.kind, facts.adcode) == ("bulletin", "371000")


def test_a_serial_printed_on_two_lines_is_one_name_and_a_total_number_is_no_issue_number(read):
    facts = read(
        f"杭州精神文明建设\n信息交流\n第2期\n（总第316期）\n2019年04月08日\n滨江区推进文明劝导常态长效\n{PARAGRAPH}"
    ).bulletin
    assert facts.series == "杭州精神文明建设信息交流"
    assert (facts.issue.year, facts.issue.number, facts.issue.cumulative) == (None, 2, 316)


def test_a_red_head_gives_issuer_and_document_number(read):
    event = read(
        "湖州市人民政府办公室文件\n湖政办发〔2020〕27号\n湖州市人民政府办公室关于印发精细化管理行动计划的通知\n各区县人民政府：\n"
        "现将行动计划印发给你们，请认真组织实施。\n湖州市人民政府办公室\n2020年7月3日\n抄送：市委各部门，市人大常委会、市政协办公室。\n湖州市人民政府办公室 2020年7月6日印发"
    )
    assert event.bulletin.issuers == ["湖州市人民政府办公室"]
    assert event.bulletin.published_on == "2020-07-03"
    assert event.bulletin.send_to == ["市委各部门", "市人大常委会、市政协办公室"]
    assert [number.text for number in event.articles[0].document_numbers] == ["湖政办发〔2020〕27号"]
    assert event.articles[0].body.endswith("请认真组织实施。")


def test_a_web_page_gives_its_date_its_source_if_that_is_an_office_and_its_writer(read):
    event = read(
        f"首页 > 文明创建 > 地方动态\n阜阳市颍州区：小积分激活大能量\n发布时间：2023-03-21 09:15 来源：阜阳市文明办 作者：李晓东 浏览次数：1532次\n{PARAGRAPH}\n上一篇：颍上县举办培训"
    )
    assert (event.bulletin.kind, event.bulletin.published_on) == ("web_page", "2023-03-21")
    assert event.bulletin.issuers == ["阜阳市文明办"]
    assert event.articles[0].authors == ["李晓东"]
    assert event.articles[0].body == PARAGRAPH


def test_a_medium_as_source_is_no_issuer(read):
    event = read(f"颍州区小积分激活大能量\n发布时间：2023-03-21 来源：阜阳日报\n{PARAGRAPH}")
    assert event.bulletin.issuers == []


def test_the_distribution_block_is_split_at_commas_and_line_ends_only(read):
    facts = read(
        f"海门文明简报\n第1期\n南通市海门区文明办\n2021年3月1日\n海门区开展志愿服务\n{PARAGRAPH}\n报：省文明办\n市文明委主任、副主任\n发：各镇、街道文明办，区文明委成员单位\n（海简字3号 共印120份）"
    ).bulletin
    assert facts.report_to == ["省文明办", "市文明委主任、副主任"]
    assert facts.send_to == ["各镇、街道文明办", "区文明委成员单位"]
    assert (facts.serial, facts.copies) == ("海简字3号", 120)


def test_editors_are_who_edits_not_who_signs_or_proofreads(read):
    facts = read(
        f"海门区开展志愿服务\n{PARAGRAPH}\n签发：王大为 责任编辑：孙 磊 校对：于晓\n电话：0513-5190123 邮箱：hmwmb@163.com"
    ).bulletin
    assert (facts.editors, facts.phones, facts.emails) == (["孙磊"], ["0513-5190123"], ["hmwmb@163.com"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"南通日报\n2021年4月2日 星期五\n海门区开展志愿服务\n{PARAGRAPH}", "newspaper"),
        (f"海门区开展志愿服务\n本报讯（记者 张小明）{PARAGRAPH}", "newspaper"),
        (f"当前位置：首页 > 要闻\n海门区开展志愿服务\n{PARAGRAPH}", "web_page"),
        (f"海门文明简报\n第1期\n发布时间：2021-04-02 来源：南通市文明办\n海门区开展志愿服务\n{PARAGRAPH}", "bulletin"),
    ],
)
def test_the_kind_is_told_by_the_marks_of_its_making(read, text, kind):
    assert read(text).bulletin.kind == kind


def test_a_mixed_bulletin_has_the_script_of_most_of_its_body(read):
    text = "一行\n" + "长" * 90
    event = read(text, script="mixed", paragraph_scripts=["simplified", "traditional"])
    assert (event.script, event.bulletin.script) == ("mixed", "traditional")
