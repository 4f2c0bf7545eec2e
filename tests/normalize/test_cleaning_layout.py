from __future__ import annotations

import pytest

from jianbao_normalize.domain.cleaning import clean


def cleaned(text: str) -> str:
    return clean(text.encode(), media_type="text/plain", charset=None).text


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("一、四个特点设主题。一是避虚就实，结合实际活动开展。二是每", "周一题，每周二在社区文明群发布次日活动主题。"),
        ("二是日常抄告整改制，整改率98%以上。三是重要时段重点督查制，每逢全国文明指", "数测评加大督查抄告和整改力度，整改率 100%。"),
        ("全县上下推动文明创建。全县现有省级文明村2个、市级文明镇", "11个，263个行政村全面完成创建。"),
        ("“街巷长不拿一分钱报酬，我们都应当向", "他们学习。”潘秀珍等居民表示。"),
        ("去年6月启动街巷长制以来，山东省烟台市芝罘区各街道社区和部门单", "位通过团队协作，努力让天更蓝、路更净。"),
        ("结合圩日，组织镇域开展文明宣传、清洁家园、交通劝导等活动，", "强化群众感知。二是氛围营造。"),
        ("近年来，如皋市始终贯彻市民是文明城市创建主体的理念，将文明行为养成放在首要位置，推动激发文明", "创建群众参与度不断提高，促进市民素质提升。"),
        ("精准规划。逐年改造老旧基础设施，提升县", "城面貌。"),
        ("开展调研。结合《关于进一步加强", "文明城市创建的意见》，制定方案。"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("between", ["\n\n", "\n", "\n\n- 3 -\n\n", "\n第 2 页 共 9 页\n", "\n3\n", "**\n\n　　"])
def test_a_sentence_cut_by_a_page_is_joined(upper: str, lower: str, between: str) -> None:
    result = cleaned(f"标题在此\n\n{upper}{between}{lower}\n\n下一段完整。")
    assert result.count("\n") == 2
    assert upper.replace(" ", "")[-4:] + lower.replace(" ", "")[:3] in result


@pytest.mark.parametrize(
    "lines",
    [
        ["滨江区依托四个主题 深化“文明提升日”活动", "滨江区围绕品牌，持续开展活动，逐步形成常态。"],
        ["多地推出街巷长，助力城市精细化管理，贴近民生服务 街头巷尾 总能遇到那份爱", "陈思安", "街巷纵横交错，织出了城市的脉络。"],
        ["坚持高位引领，推进文明创建", "近年来，全市上下齐心协力，成效明显。"],
        ["江夏区四线连接四轮驱动", "强化文明创建管理", "近年来，江夏区不断改革创新。"],
        ["【工作交流】", "张家港市：以“绣花功夫”建设高水平文明城市", "如皋市：充分激发文明城市创建群众参与度"],
        ["报：中央文明办", "省文明委主任、副主任、委员", "发：各设区市、县（市、区）文明委、文明办，省文明委成员单位"],
        ["各部门齐抓共管。取得了良好成效", "二是坚持为民惠民，涵养城市精神。"],
        ["让“最美”现象服务群众、影响群众。", "（建德市文明办供稿）"],
        ["有一处活动空间；", "有一个主题名称；", "有一则楼道公约。"],
        ["志愿红，志愿红，", "文明花开，", "处处香。"],
        ["国窖", "1573", "泸州老窖"],
    ],
)  # fmt: skip
def test_headlines_by_lines_and_lists_stay_apart(lines: list[str]) -> None:
    assert cleaned("\n\n".join(lines)).split("\n") == lines


def wrapped(paragraph: str, width: int, indent: str) -> str:
    printed = indent + paragraph
    return "\n".join(printed[i : i + width] for i in range(0, len(printed), width))


@pytest.mark.parametrize(("indent", "between"), [("　　", "\n"), ("    ", "\n"), ("", "\n\n")])
def test_text_wrapped_at_a_fixed_width_is_set_as_paragraphs(indent: str, between: str) -> None:
    paragraphs = [
        "近年来，张家港市坚持深化文明典范城市创建，以城市治理能力和治理水平的高效能提升、市民生活质量和城市发展品质的高水平改善，推动文明城市创建的高质量发展。",
        "一是在对标对表上下功夫，补短板、强基础。坚持问题导向、目标导向、效果导向，清单化项目化推进问题整改促提升，发挥测评体系作用。",
        "二是在精美呈现上下功夫，提质效、创品牌。按照工作导向，推动实施精心规划、精致建设、精细管理、精美呈现，以点带面推动整体提升。",
    ]
    text = "江苏精神文明建设简报\n\n" + between.join(wrapped(p, 30, indent) for p in paragraphs)
    assert cleaned(text).split("\n") == ["江苏精神文明建设简报", *paragraphs]


@pytest.mark.parametrize(
    ("printed", "edited"),
    [
        ("2019 年 04 月 08 日", "2019年04月08日"),
        ("(总第 316 期)", "（总第316期）"),
        ("第    16    期", "第16期"),
        ("简　报", "简报"),
        ("工 作 简 报", "工作简报"),
        ("发表时间:2017年04月14日\xa0\xa0  来源:湖北省文明办", "发表时间：2017年04月14日 来源：湖北省文明办"),
        ("主办    技术支持:荆楚网    027-87238963", "主办 技术支持：荆楚网 027-87238963"),
        ("投稿邮箱: hbwmwxxbs@vip.163.com", "投稿邮箱：hbwmwxxbs@vip.163.com"),
        ("发布时间 2017-04-14 来源", "发布时间 2017-04-14 来源"),
        ("南漳县“八抓八促” 推进文明城市创建", "南漳县“八抓八促” 推进文明城市创建"),
        ("以文明单位 “小创建”推动“大创建”。", "以文明单位“小创建”推动“大创建”。"),
        ("制作“文明城市 你我共建”宣传片。", "制作“文明城市 你我共建”宣传片。"),
        ("发放 5 万余份,占 98 % 以上。", "发放5万余份，占98%以上。"),
        ("2014 - 2016 年", "2014-2016年"),
        ("手机 APP 平台", "手机 APP 平台"),
        ("A-   A+\n【字体:大 中 小】\n打印本页 关闭窗口\n正文", "正文"),
    ],
)
def test_blanks_and_furniture_are_set_as_an_editor_would(printed: str, edited: str) -> None:
    assert cleaned(printed) == edited


def test_page_furniture_is_recorded() -> None:
    result = clean("标题\nA-   A+\n正文。".encode(), media_type="text/plain", charset=None)
    furniture = [stretch for stretch in result.removed if stretch.kind == "page_furniture"]
    assert [result.original[s.start : s.end].strip() for s in furniture] == ["A-   A+"]


@pytest.mark.parametrize("credit", ["。王小禾 摄", "。 本报记者 李一明 摄影", "”活动现场 张青供图"])
def test_a_caption_ends_with_its_credit_and_swallows_no_paragraph(credit: str) -> None:
    caption = f"图为村民在夜校学习使用手机直播，推介当季的农产品{credit}"
    paragraph = "课堂讲什么，群众说了算，每月各村把课表贴出来。"
    assert cleaned(f"{caption}\n\n{paragraph}").count("\n") == 1
