"""What an official would type, and which article should come first. Titles are those of the real documents and of a few
articles that were written to compete with them."""

from __future__ import annotations

import pytest
from opencc import OpenCC

from jianbao_text.script import to_simplified

OWN = [
    ("o1", "如皋市召开道德模范座谈会", "会上，道德模范代表发言。张家港市派员观摩。", "2023-03-01"),
    ("o2", "关于开展学雷锋志愿服务月活动的通知", "各地要组织志愿者走进社区，开展文明劝导、环境美化。", "2023-02-20"),
    (
        "o3",
        "海陵区推进垃圾分类进楼道",
        "楼道干净了，居民参与垃圾分类的热情高了。文明实践站提供志愿服务。",
        "2021-06-05",
    ),
    ("o4", "丰顺县文明办主任计丽萍走访困难家庭", "计丽萍一行看望身边好人。", "2022-12-01"),
    ("o5", "文明校园创建经验交流", "美丽校园，萍水相逢。统计显示，丽日当空。", "2020-09-10"),
    ("o6", "農村移風易俗工作簡報", "紅白理事會推動移風易俗，倡導喪事簡辦、婚事新辦。", "2018-05-01"),
]


@pytest.fixture(scope="module")
def library(seeded, make):
    for place, (name, title, body, day) in enumerate(OWN, start=50):
        seeded.index(
            make(
                f"{title}\n{body}",
                document=name,
                office="own-wmb",
                titles=[(to_simplified(title), None)],
                sequence=place,
                published_on=day,
            )
        )
    return seeded


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("文明楼道", "泰州市海陵区：打造文明楼道 营造文明新风"),
        ("海陵区 楼道 垃圾分类", "海陵区推进垃圾分类进楼道"),
        ("张家港 绣花功夫", "张家港市：以“绣花功夫” 建设高水平文明城市"),
        ("张家港市", "张家港市：以“绣花功夫” 建设高水平文明城市"),
        ("如皋市 群众参与度", "如皋市：充分激发文明城市创建群众参与度"),
        ("三位一体", "邳州市：“三位一体”推进高水平 文明城市建设"),
        ("八抓八促", "南漳县“八抓八促”\xa0推进文明城市创建"),
        ("南漳縣創建", "南漳县“八抓八促”\xa0推进文明城市创建"),
        ("四轮驱动", "江夏区四线连接四轮驱动"),
        ("江夏區 文明創建管理", "江夏区四线连接四轮驱动"),
        ("文明提升日", "滨江区依托四个主题、四小载体、四支队伍、四项制度 深化周三“文明提升日”活动"),
        ("月月都是测评月", "建德市推行“月月都是测评月”活动 推进文明城市常态化管理"),
        ("街巷长", "多地推出街巷长,助力城市精细化管理,贴近民生服务 街头巷尾 总能遇到那份爱"),
        ("铜仁 五個持續", "铜仁市「五个持续」推动精神文明建设"),
        ("茫崖 党员干部", "青海省茫崖市提升党员干部理论修养和工作能力"),
        ("白石镇 创文", "创就创成 创则必成 高分创成全国文明乡镇"),
        ("柚苑社区 早上好", "人民城市人民建 人民城市为人民 全力以赴打赢创文工作攻坚战"),
        ("计丽萍", "丰顺县文明办主任计丽萍走访困难家庭"),
        ("学雷锋志愿服务", "关于开展学雷锋志愿服务月活动的通知"),
        ("移风易俗", "农村移风易俗工作简报"),
        ("移風易俗 紅白理事會", "农村移风易俗工作简报"),
        ("道德模范座谈会", "如皋市召开道德模范座谈会"),
        ("“文明劝导、环境美化”", "关于开展学雷锋志愿服务月活动的通知"),
        ("title:文明城市 邳州", "邳州市：“三位一体”推进高水平 文明城市建设"),
    ],
)
def test_the_article_meant_comes_first(library, typed, first):
    assert library.titles(typed)[0] == first


def test_a_word_in_the_title_outweighs_the_same_word_repeated_in_a_body(bench, make):
    in_body = make("工作动态\n下载APP，打开APP，用好APP。", document="b", titles=[("工作动态", None)])
    in_title = make(
        "推广APP纪实\n各地推广，群众欢迎，成效明显。", document="t", titles=[("推广APP纪实", None)], sequence=2
    )
    bench.index(in_body, in_title)
    assert bench.titles("APP") == ["推广APP纪实", "工作动态"]


def test_a_name_is_not_found_by_its_characters_scattered(library):
    assert library.titles("计丽萍") == ["丰顺县文明办主任计丽萍走访困难家庭"]


def test_every_sentence_of_every_article_is_found_in_both_scripts(seeded, seeds):
    traditional = OpenCC("s2t")
    missed = []
    for event in seeds.values():
        for article in event.articles:
            for sentence in article.body.replace("\n", "。").split("。")[:6]:
                phrase = sentence.strip()[:24]
                if sum("\u4e00" <= one <= "\u9fff" for one in phrase) < 6:
                    continue
                for typed in (f"“{phrase}”", traditional.convert(f"「{phrase}」"), phrase.split()[0]):
                    hits = seeded.search(typed, size="100")["hits"]
                    if event.bulletin_id not in {hit["bulletin_id"] for hit in hits}:
                        missed.append((event.source, typed))
    assert missed == []
