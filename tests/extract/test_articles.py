"""Where articles begin and end, and what belongs to their heads."""

from __future__ import annotations

A = "荣成市把信用建设融入精神文明建设全过程，建立积分体系，全市镇街、村（社区）全部建立志愿服务队伍。"
B = "环翠区坚持以群众需求为导向，念好文明创建四字诀，持续改善城市环境，不断擦亮城市文明底色。"
HEAD = "威海文明简报\n第5期\n威海市文明办\n2021年6月18日\n"


def test_titles_of_the_contents_list_are_found_again_though_broken_and_spaced_otherwise(read):
    event = read(
        f"{HEAD}目录\n【工作交流】\n荣成市：信用积分兑出文明新风尚……1\n环翠区念好“四字诀”扮靓城市家园……5\n荣成市：信用积分\n兑出文明新风尚\n{A}\n环翠区念好“四字诀” 扮靓城市家园\n{B}"
    )
    assert event.bulletin.contents == ["荣成市：信用积分兑出文明新风尚", "环翠区念好“四字诀”扮靓城市家园"]
    assert [article.title for article in event.articles] == [
        "荣成市：信用积分 兑出文明新风尚",
        "环翠区念好“四字诀” 扮靓城市家园",
    ]
    assert [article.section for article in event.articles] == ["工作交流", "工作交流"]
    assert [article.body for article in event.articles] == [A, B]


def test_without_a_contents_list_a_signature_and_the_next_headline_part_two_articles(read):
    event = read(
        f"{HEAD}【区市动态】\n荣成市信用积分兑出新风尚\n{A}\n（荣成市文明办 王海燕）\n环翠区念好四字诀\n{B}\n（环翠区文明办供稿）"
    )
    assert [article.title for article in event.articles] == ["荣成市信用积分兑出新风尚", "环翠区念好四字诀"]
    assert [article.attribution for article in event.articles] == ["荣成市文明办", "环翠区文明办"]
    assert event.articles[0].authors == ["王海燕"]
    assert {article.section for article in event.articles} == {"区市动态"}


def test_headings_of_points_stay_in_the_body(read):
    event = read(f"{HEAD}荣成市信用积分兑出新风尚\n一、建立标准\n{A}\n二、强化运用\n{B}\n搭建平台\n{A}")
    assert len(event.articles) == 1
    assert event.articles[0].body.split("\n") == ["一、建立标准", A, "二、强化运用", B, "搭建平台", A]


def test_speeches_under_one_headline_are_articles_of_one_section_with_their_units(read):
    event = read(
        f"编者按：近日，威海市召开现场会，现予刊发。\n全市文明创建现场会发言摘要\n坚持三个注重 建设美丽乡村\n崖头街道\n{A}\n破除陈规陋习 树立文明乡风\n孙家疃街道\n{B}"
    )
    assert [article.title for article in event.articles] == ["坚持三个注重 建设美丽乡村", "破除陈规陋习 树立文明乡风"]
    assert [article.attribution for article in event.articles] == ["崖头街道", "孙家疃街道"]
    assert {article.section for article in event.articles} == {"全市文明创建现场会发言摘要"}
    assert event.bulletin.evidence["editors_note"].spans


def test_a_newspaper_page_yields_articles_captions_and_advertisements_apart(read):
    event = read(
        f"荣成市信用积分兑出新风尚\n本报讯（威文）{A}\n第九届摄影比赛\n海鸥杯\n海鸥集团有限公司 协办\n6月1日，志愿者在路口服务。图为志愿者引导行人。\n赵明 摄\n环翠区念好四字诀\n林 涛 王海燕\n{B}"
    )
    assert [article.title for article in event.articles] == ["荣成市信用积分兑出新风尚", "环翠区念好四字诀"]
    assert event.captions == ["6月1日，志愿者在路口服务。图为志愿者引导行人。"]
    assert event.advertisements == ["第九届摄影比赛 海鸥杯 海鸥集团有限公司 协办"]
    assert event.articles[0].attribution == "威文"
    assert event.articles[1].authors == ["林涛", "王海燕"]


def test_a_body_that_a_caption_interrupts_has_two_segments(read):
    event = read(f"南通日报\n2021年4月2日\n环翠区念好四字诀\n{A}\n图为志愿者引导行人。\n赵明 摄\n{B}")
    article = event.articles[0]
    assert len(article.segments) == 2
    assert article.body == f"{A}\n{B}"


def test_kicker_and_subtitle_belong_to_the_headline(read):
    event = read(f"{HEAD}立足需求，贴近群众，服务到家 环翠区念好四字诀\n——全国文明城市创建侧记\n{B}")
    assert event.articles[0].kicker == "立足需求，贴近群众，服务到家"
    assert event.articles[0].title == "环翠区念好四字诀"
    assert event.articles[0].subtitle == "全国文明城市创建侧记"


def test_a_text_without_headline_takes_the_declared_title_else_its_opening_words(read):
    from jianbao_contracts import Declared

    assert read(A).articles[0].title == A[:30]
    assert read(A, declared=Declared(title="荣成经验")).articles[0].title == "荣成经验"


def test_the_region_of_an_article_is_that_of_its_title(read):
    event = read(f"{HEAD}环翠区念好四字诀\n{B}山东省、威海市和荣成市先后前来学习。")
    assert event.articles[0].primary_adcode == "371002"


def test_an_article_on_several_provinces_is_about_none(read):
    body = "在江苏省张家港市，街巷长走家串户。\n在湖北省南漳县，街巷长每天巡查。\n在浙江省建德市，街巷长收集民意，解决问题。"
    assert read(f"街巷长走进千家万户的日子\n{body}").articles[0].primary_adcode is None


def test_a_long_list_of_short_lines_is_no_headline_and_stays_in_the_body(read):
    names = [f"获奖单位{mark}" for mark in "甲乙丙丁戊己"]
    event = read("\n".join(["文明单位名单", *names]))
    assert event.articles[0].title == "文明单位名单"
    assert event.articles[0].body.split("\n") == names


def test_short_items_under_a_column_without_headlines_are_an_article_of_that_name(read):
    event = read(f"{HEAD}环翠区念好四字诀\n{B}\n工作短波\n▲{A}\n▲{B}")
    assert [article.title for article in event.articles] == ["环翠区念好四字诀", "工作短波"]


def test_a_document_attached_to_a_notice_is_an_article_of_its_own_and_the_signature_no_body(read):
    event = read(
        f"关于开展志愿服务的通知\n各区县文明办：\n{A}\n威海市文明办 荣成市文明办\n2021年7月3日\n荣成市志愿服务实施方案\n{B}"
    )
    assert [article.title for article in event.articles] == ["关于开展志愿服务的通知", "荣成市志愿服务实施方案"]
    assert event.articles[0].body == f"各区县文明办：\n{A}"
    assert event.bulletin.issuers == ["威海市文明办", "荣成市文明办"]
    assert event.bulletin.published_on == "2021-07-03"
