from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.places import gazetteer


@pytest.mark.parametrize(
    ("text", "on", "home", "adcodes", "unresolved"),
    [
        ("在广西壮族自治区北海市海城区开展", None, None, "450000 450500 450502", []),
        ("朝阳市双塔区和北京市朝阳区", None, None, "211300 211302 110000 110105", []),
        ("浙江中医药大学、武汉电视台、南京路步行街、北京大学、杭州银行、广州日报社记者", None, None, "", []),
        ("漳州市文明委、江夏区委宣传部", None, None, "350600 420115", []),
        ("来自安徽省亳州市淮城区的街巷长", None, None, "340000 341600", ["淮城区"]),
        (
            "党政和群团，市和县都要适应城市发展，沿海城市、建成都市圈，创新乡村治理，确保定期，公益阳光，传承德育，线上海报，提高县域经济，到达县城",
            None,
            None,
            "",
            [],
        ),
        ("追求和平，朝阳产业，世界大同，新城建设，长治久安，文山会海，阿里巴巴", None, None, "", []),
        ("北京、上海、广东三地代表", None, None, "110000 310000 440000", []),
        ("江苏张家港、昆山、太仓", None, None, "320000 320582 320583 320585", []),
        ("张家港人的精神", None, None, "320582", []),
        ("福建省龙海市、长泰县", date(2018, 5, 1), None, "350000 350681 350625", []),
        ("福建省龙海区、长泰区", date(2023, 5, 1), None, "350000 350604 350605", []),
        ("襄樊市南漳县", date(2009, 5, 1), None, "420600 420624", []),
        ("杭州市江干区、下城区", date(2018, 1, 1), None, "330100 330104 330103", []),
        ("上海市南市区", date(1999, 1, 1), None, "310000 310102", []),
        ("鼓楼区开展活动", None, "320100", "320106", []),
        ("鼓楼区开展活动", None, "350100", "350102", []),
        ("鼓楼区开展活动", None, None, "", []),
        (
            "徐州市召开会议。鼓楼区代表发言。随后福州市介绍经验，鼓楼区补充。",
            None,
            None,
            "320300 320302 350100 350102",
            [],
        ),
        ("内蒙古自治区呼和浩特市新城区", None, None, "150000 150100 150102", []),
        (
            "漳州市城区、北海市各县区、苏州市工业园区、合肥市高新区、铜仁市主城区、杭州市文明城市、长沙市老旧小区",
            None,
            None,
            "350600 450500 320500 340100 520600 330100 430100",
            [],
        ),
        (
            "恩施土家族苗族自治州利川市，恩施州、湘西州、凉山彝族自治州西昌市",
            None,
            None,
            "422800 422802 433100 513400 513401",
            [],
        ),
        ("新疆生产建设兵团第八师石河子市", None, None, "659001", []),
        ("神农架林区、仙桃市、潜江", None, None, "429021 429004 429005", []),
        ("重庆市渝中区、九龙坡区、两江新区", None, None, "500000 500103 500107 500157", []),
        ("云南省大理白族自治州大理市", None, None, "530000 532900 532901", []),
        ("吉林省吉林市船营区", None, None, "220000 220200 220204", []),
        (
            "海南省海口市美兰区、海南藏族自治州共和县、乌海市海南区",
            None,
            None,
            "460000 460100 460108 632500 632521 150300 150303",
            [],
        ),
        ("“广东好人”“浙江好人榜”《江西日报》", None, None, "", []),
        ("中共青海省委宣传部", None, None, "630000", []),
        ("沛县、丰县和睢宁县", None, "320300", "320322 320321 320324", []),
        ("和县、含山县", None, "340500", "340523 340522", []),
        ("石家庄市正定新区、保定市雄安新区", None, None, "130100 130600", []),
        ("广东丰顺全力以赴", None, None, "440000 441423", []),
        ("大连、青岛、宁波、厦门、深圳等城市", None, None, "210200 370200 330200 350200 440300", []),
        ("榆林市榆阳区、绥德县、吴堡县", None, None, "610800 610802 610826 610829", []),
        ("东方市场、合作市场、本市场、鹤山市场", None, None, "", []),
        ("和平区组织党员学习", None, "210100", "210102", []),
        ("海淀、丰台、石景山等区", None, "110000", "110108 110106 110107", []),
        ("巢湖市居巢区", date(2008, 1, 1), None, "341400 341402", []),
        ("安徽省巢湖市黄麓镇", date(2020, 1, 1), None, "340000 340181", []),
        ("通县、顺义县", date(1996, 1, 1), "110000", "110223 110222", []),
        ("四川省郫县", date(2010, 1, 1), None, "510000 510124", []),
        ("新建文化广场12个，江山如画，天下太平，健康长寿，中原大地，路桥工程，古城保护", None, "360100", "", []),
        ("萧山、余杭两区", None, "330100", "330109 330110", []),
        ("内蒙古阿拉善左旗、阿拉善盟", None, None, "150000 152921 152900", []),
        ("临夏回族自治州积石山保安族东乡族撒拉族自治县", None, None, "622900 622927", []),
        ("香港、澳门、台湾同胞", None, None, "810000 820000 710000", []),
        ("泰州市海陵区，泰州姜堰区", None, None, "321200 321202 321204", []),
        ("本报北京4月6日电", None, None, "110000", []),
        ("诸城市密州街道，各城市、大城市、主城市", None, None, "370782", []),
        ("西安市长安区、莲湖区；长安街、长安大学", None, None, "610100 610116 610104", []),
        ("中共中央宣传部、中央文明办在广西南宁召开会议", None, None, "450000 450100", []),
        ("甘肃省陇南市成县、康县、徽县", None, None, "620000 621200 621221 621224 621227", []),
        (
            "在河北省沧州市任丘市召开现场会，任丘、黄骅、泊头三市发言",
            None,
            None,
            "130000 130900 130982 130983 130981",
            [],
        ),
        ("山西省晋中市榆次区、太谷区和平遥县", None, None, "140000 140700 140702 140703 140728", []),
        ("湖南长沙岳麓山大学科技城，长沙市岳麓区", None, None, "430000 430100 430104", []),
        ("佛山市顺德区、南海区", date(2019, 1, 1), None, "440600 440606 440605", []),
        ("2001年，顺德市获评全国创建文明城市工作先进市", date(2001, 6, 1), None, "440681", []),
        ("福建省南平市建阳市", date(2012, 1, 1), None, "350000 350700 350784", []),
        ("河南省洛阳市洛荷区积极推进", None, None, "410000 410300", ["洛荷区"]),
        ("市中区开展志愿服务", None, "511000", "", []),
        ("乐山市市中区、内江市市中区", None, None, "511100 511102 511000 511002", []),
        ("贵州遵义、毕节、六盘水等地代表；遵义会议精神", None, None, "520000 520300 520500 520200", []),
        ("义乌市委、东阳市政府、永康市文明办", None, "330700", "330782 330783 330784", []),
        ("扬州大学、西安交通大学、长春电影制片厂、郑州火车站", None, None, "", []),
        ("城关区（拉萨）组织群众，城关区干部参加，堆龙德庆区同步", None, "540100", "540102 540100 540103", []),
        ("新疆维吾尔自治区伊犁哈萨克自治州伊宁市、伊宁县", None, None, "650000 654000 654002 654021", []),
        ("漳州市芗域区", None, None, "350600", ["芗域区"]),
        ("赤峰市敖翰旗", None, None, "150400", ["敖翰旗"]),
        ("任丘、黄骅和泊头", None, "130900", "130982 130983 130981", []),
        ("广东广州、江苏南京、浙江大学、上海海关", None, None, "440000 440100 320000 320100", []),
    ],
)
def test_regions_are_found_by_name_context_and_date(text, on, home, adcodes, unresolved):
    mentions = gazetteer().find(text, on=on, home=home)
    assert list(dict.fromkeys(mention.adcode for mention in mentions.regions)) == adcodes.split()
    assert mentions.unresolved == unresolved


@pytest.mark.parametrize(
    "behind",
    [
        "超市推行",
        "夜市经济",
        "国旗班",
        "升旗仪式",
        "组织县（区）开展",
        "部分县",
        "相关区县",
        "贫困县、",
        "禁燃区内",
        "阳光社区",
        "老街区",
        "偏远山区",
        "各县（市、区）",
        "所辖区",
        "经济强县",
        "百强县",
        "文化强县，名列",
        "赛区",
        "行政区划",
        "主城区",
        "高新区",
        "台商投资区",
        "古雷开发区",
        "核心区",
        "直机关",
        "文明城市",
        "民政局",
        "市场监管局",
        "区域",
        "教育局",
        "重点县",
        "产粮大县",
        "乡村振兴重点帮扶县",
        "革命老区",
        "城区、郊区",
        "新区",
        "两区一县",
        "三县两区",
        "山区",
        "海区",
        "旅游区",
        "服务区",
        "安全区",
    ],
)
def test_common_nouns_behind_a_city_are_no_misprinted_names(behind):
    mentions = gazetteer().find(f"漳州市{behind}")
    assert [mention.adcode for mention in mentions.regions] == ["350600"]
    assert mentions.unresolved == []


def test_a_mention_has_its_text_and_the_official_name():
    (mention,) = gazetteer().find("学习张家港精神").regions
    assert (mention.text, mention.start, mention.end, mention.name) == ("张家港", 2, 5, "张家港市")


def test_a_short_name_in_a_heading_takes_its_meaning_from_the_text_below():
    text = "◆海城：街巷长做贴心人\n\n莫绍莲是广西壮族自治区北海市海城区的街巷长。"
    assert [m.adcode for m in gazetteer().find(text).regions] == ["450502", "450000", "450500", "450502"]


def test_a_lone_surrogate_does_not_make_it_fail():
    assert [m.start for m in gazetteer().find("\ud800在杭州市\udfff").regions] == [2]


NAMES = [
    "江苏省",
    "南京市",
    "鼓楼区",
    "北京",
    "朝阳",
    "海城",
    "市",
    "区",
    "县",
    "和",
    "，",
    "新城区",
    "淮城区",
    "广东",
    "丰顺",
    "“",
    "”",
    "大学",
]


@given(st.lists(st.sampled_from(NAMES) | st.text(max_size=3), max_size=30).map("".join))
def test_mentions_stand_in_order_with_their_text(text):
    mentions = gazetteer().find(text, home="320100").regions
    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


@pytest.mark.parametrize("unit", ["鼓楼区，", "江苏省", "朝阳", "北京市朝阳区", "亳州市淮城区", "“广东", "东"])
def test_time_grows_with_the_length_of_the_text_only(unit):
    gazetteer().find("")
    started = time.perf_counter()
    gazetteer().find(unit * (60_000 // len(unit)), home="110000")
    assert time.perf_counter() - started < 8


def test_every_region_of_today_is_found_under_its_full_path():
    places = gazetteer()
    for region in places.regions:
        if region.is_current:
            mentions = places.find(f"来自{places.path_name(region.adcode)}的代表")
            assert mentions.regions[-1].adcode == region.adcode
            assert mentions.unresolved == []
