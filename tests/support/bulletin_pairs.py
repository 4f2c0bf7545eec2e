"""Made bulletins and what offices make of them: copies, corrections, other editions, parts. Seeded, no outside text."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

SENTENCES = (
    "全{r}共建成新时代文明实践所{n}个、文明实践站{n}个，覆盖率达到{p}%，打通宣传群众、教育群众、关心群众、服务群众的最后一公里。",
    "{m}月{d}日，{r}召开精神文明建设工作推进会，市委书记{name}出席会议并讲话，{n}名干部群众参加会议。",
    "今年以来，{r}组织开展“我们的节日”主题活动{n}场次，参与群众{n}万余人次，营造了浓厚的节日氛围。",
    "坚持问题导向，建立问题清单、责任清单和整改清单，累计排查各类问题{n}个，已整改到位{n}个，整改率{p}%。",
    "投入资金{n}万元，对{n}条背街小巷进行改造提升，新增停车泊位{n}个，群众出行更加便捷。",
    "截至{m}月底，注册志愿者达到{n}人，志愿服务团队{n}支，累计服务时长{n}小时。",
    "开展移风易俗专项行动，修订完善村规民约，红白理事会实现全覆盖，为群众减轻负担约{n}万元。",
    "聚焦未成年人思想道德建设，新建乡村学校少年宫{n}所，开展“扣好人生第一粒扣子”主题实践活动{n}次。",
    "评选表彰“身边好人”{n}名、道德模范{n}名，举办先进事迹巡回报告会{n}场，引导群众见贤思齐。",
    "建立网格化管理机制，划分网格{n}个，选派网格员{n}名，做到小事不出网格、大事不出社区。",
    "{r}文明办主任{name}介绍，下一步将持续巩固创建成果，不断提升城市品质和群众满意度。",
    "严格落实门前三包责任制，与沿街商户签订责任书{n}份，清理占道经营{n}处，规范店招店牌{n}块。",
    "深入开展文明交通行动，在{n}个主要路口设置文明劝导岗，劝导不文明行为{n}起。",
    "围绕群众急难愁盼问题，推出便民服务举措{n}项，办理民生实事{n}件，满意率保持在{p}%以上。",
    "{y}年，{r}被命名为文明城市提名城市，全{r}上下信心倍增、干劲十足。",
    "充分发挥党员先锋模范作用，组织{n}个基层党组织与社区结对共建，认领微心愿{n}个。",
    "利用广播电视、户外大屏、公交站牌等载体刊播公益广告{n}条次，切实提高群众知晓率和参与率。",
    "推动文明餐桌行动走深走实，{n}家餐饮企业签订承诺书，制止浪费蔚然成风。",
    "实施农村人居环境整治，新建改建卫生厕所{n}座，清运生活垃圾{n}吨，村容村貌焕然一新。",
    "开设“文明大讲堂”，邀请专家学者授课{n}期，培训骨干{n}人次，理论政策飞入寻常百姓家。",
    "健全督查考核机制，实行周调度、月通报、季考评，对排名靠后的{n}个单位进行约谈。",
    "打造书香{r}，建设城市书房{n}座、农家书屋{n}个，年均借阅图书{n}万册。",
    "扎实推进诚信建设，发布诚信红黑榜{n}期，公布失信被执行人{n}名，守信激励、失信惩戒的氛围日益浓厚。",
    "整合公共文化资源，送戏下乡{n}场，放映公益电影{n}场，丰富了群众精神文化生活。",
    "居民{name}说，小区环境变好了，邻里关系更和谐了，日子越过越有奔头。",
    "加强网络文明建设，组建网络文明传播志愿者队伍{n}支，原创网评文章{n}篇，点击量突破{n}万次。",
    "围绕“一老一小”，建成社区食堂{n}个、儿童之家{n}个，让发展成果更多更公平惠及全体人民。",
    "{r}将每月{d}日定为志愿服务日，机关干部带头走上街头，清洁家园、维护秩序、扶助老弱。",
    "把文明创建与基层治理结合起来，推行楼道长、街巷长制度，选聘楼道长{n}名、街巷长{n}名。",
    "对照测评体系逐项分解任务，共梳理{n}项指标、{n}个点位，明确牵头单位和完成时限。",
    "依托古树、老街、祠堂等文化遗存，打造文明实践点位{n}处，讲好乡风故事，留住乡愁记忆。",
    "联合公安、城管、市场监管等部门开展联合执法{n}次，出动执法人员{n}人次，查处违法行为{n}起。",
    "在医院、车站、银行等窗口单位推行微笑服务、延时服务，设立便民服务台{n}个。",
    "探索积分兑换制度，{n}户家庭参与积分管理，累计兑换物品{n}件，小积分兑出大文明。",
    "大力选树文明家庭，{name}等{n}户家庭获评{y}年度最美家庭，好家风带动好民风。",
    "会议强调，要进一步提高政治站位，强化责任担当，以更高标准、更实举措推动各项任务落地见效。",
    "坚持创建为民、创建靠民、创建惠民，广泛听取群众意见建议{n}条，让群众成为最大受益者。",
    "针对飞线充电、楼道堆物等顽疾，新增充电桩{n}个，拆除违章搭建{n}平方米，消除安全隐患{n}处。",
    "深化文明校园创建，{n}所学校开展家校共育活动，发放倡议书{n}份，带动家庭、辐射社会。",
    "开展城乡结对、以城带乡行动，{n}个文明单位与{n}个行政村签订共建协议。",
)
TITLES = (
    "{r}：以绣花功夫推进文明城市建设", "{r}扎实开展新时代文明实践", "{r}多措并举深化移风易俗", "{r}四个聚焦提升城市品质",
    "{r}打造志愿服务品牌", "关于{y}年{r}精神文明建设工作情况的报告", "{r}召开{y}年度文明创建工作推进会", "{r}推动公共文化服务提质增效",
)  # fmt: skip
REGIONS = (
    "张家港市",
    "如皋市",
    "邳州市",
    "建德市",
    "常山县",
    "丰顺县",
    "蕲春县",
    "宜都市",
    "谯城区",
    "芝罘区",
    "江夏区",
    "滨江区",
)
SERIES = ("江苏精神文明建设简报", "文明创建工作简报", "宣传思想工作信息", "精神文明建设动态", "文明城市创建快报")
ISSUERS = ("江苏省文明办", "市创建办", "中共市委宣传部", "市精神文明建设指导委员会办公室", "区文明办")
NAMES = ("王建国", "李敏", "张海涛", "刘志强", "陈晓东", "杨丽华", "赵明", "周国平", "吴秀英", "孙伟民")


@dataclass(frozen=True)
class Plan:
    """An article before its slots are filled: which title, which sentences, where paragraphs end."""

    title: int
    sentences: tuple[int, ...]
    breaks: frozenset[int]


def plan(rng: random.Random, length: int | None = None) -> Plan:
    count = length or rng.randint(9, 18)
    chosen = tuple(rng.sample(range(len(SENTENCES)), count))
    return Plan(rng.randrange(len(TITLES)), chosen, frozenset(n for n in range(count) if rng.random() < 0.4))


def article(made: Plan, region: str, year: int, rng: random.Random) -> str:
    def slot(match: re.Match[str]) -> str:
        return {
            "r": lambda: region, "y": lambda: str(year), "name": lambda: rng.choice(NAMES),
            "m": lambda: str(rng.randint(1, 12)), "d": lambda: str(rng.randint(1, 28)),
            "p": lambda: f"{rng.randint(80, 99)}.{rng.randint(1, 9)}",
            "n": lambda: str(rng.choice([rng.randint(3, 99), rng.randint(100, 9999)])),
        }[match[1]]()  # fmt: skip

    def filled(template: str) -> str:
        return re.sub(r"\{(\w+)\}", slot, template)

    text = [filled(TITLES[made.title]), "\n"]
    for number, sentence in enumerate(made.sentences):
        text += [filled(SENTENCES[sentence]), "\n" if number in made.breaks else ""]
    return "".join(text).strip()


@dataclass(frozen=True)
class Masthead:
    series: str
    number: int
    issuer: str
    date: str

    def wrap(self, body: str) -> str:
        head = f"{self.series}\n第{self.number}期\n{self.issuer}\n{self.date}"
        return f"{head}\n{body}\n报：省文明办\n发：各县（市、区）文明办\n（共印{self.number + 100}份）"


def masthead(rng: random.Random, year: int, series: str | None = None) -> Masthead:
    date = f"{year}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    return Masthead(series or rng.choice(SERIES), rng.randint(2, 60), rng.choice(ISSUERS), date)


def edited(text: str, share: float, rng: random.Random) -> str:
    """Replace, drop or add this share of the characters."""
    out = []
    for char in text:
        if char == "\n" or rng.random() >= share:
            out.append(char)
        elif (act := rng.random()) < 0.6:
            out.append(rng.choice(OTHER))
        elif act < 0.8:
            out += [char, rng.choice(OTHER)]
    return "".join(out)


OTHER = sorted({char for sentence in SENTENCES for char in sentence if char > "一"})


def one_figure_corrected(text: str, rng: random.Random) -> str:
    match = rng.choice(list(re.finditer(r"(?<=[0-9a-z一-鿿、])\d{2,4}(?=[个名场条支所座件])", text)))
    return text[: match.start()] + str(int(match[0]) + rng.randint(1, 40)) + text[match.end() :]


def one_name_corrected(text: str, rng: random.Random) -> str | None:
    found = [match for name in NAMES for match in re.finditer(rf"(?:主任|书记|居民){name}", text)]
    if not found:
        return None
    old = rng.choice(found)[0][2:]
    return text.replace(old, rng.choice([name for name in NAMES if name != old]))


def pairs(seed: int):
    """Yield label, kind, earlier text, later text."""
    rng = random.Random(seed)
    year, region = rng.randint(2015, 2025), rng.choice(REGIONS)
    made, values = plan(rng), rng.random()
    body = article(made, region, year, random.Random(values))
    head = masthead(rng, year)
    whole = head.wrap(body)
    another = masthead(rng, year, rng.choice([series for series in SERIES if series != head.series]))

    yield "exact", "spacing and width", whole, whole.replace("，", ", ").replace("年", " 年 ").replace("\n", "\n\n")
    for share in (0.05, 0.1, 0.2):
        yield "near", f"{share:.0%} edited", whole, edited(whole, share, rng)
    yield "near", "5% edited, no masthead", body, edited(body, 0.05, rng)
    yield "near", "cut short", whole, whole[: len(whole) * rng.randint(55, 75) // 100]
    yield "near", "other head and foot", whole, another.wrap(body)
    yield "near", "as a web page", whole, f"{body}\n发布时间：{year}-05-09\n来源：{another.issuer}"
    yield "correction", "one figure", whole, one_figure_corrected(whole, rng)
    yield "correction", "date of issue", whole, whole.replace(head.date, f"{head.date[:5]}{rng.randint(1, 12)}月30日")
    renamed = one_name_corrected(whole, rng)
    if renamed is not None:
        yield "correction", "one name", whole, renamed
    last = masthead(rng, year - 1, head.series)
    earlier = article(made, region, year - 1, random.Random(values + 1))
    yield "distinct", "last year's edition", last.wrap(earlier), whole
    yield "distinct", "last year's edition, same number", replace(last, number=head.number).wrap(earlier), whole
    yield "distinct", "last year's edition, no masthead", earlier, body
    other = rng.choice([name for name in REGIONS if name != region])
    yield "distinct", "other region", another.wrap(article(made, other, year, random.Random(values + 2))), whole
    yield "distinct", "other region, no masthead", article(made, other, year, random.Random(values + 2)), body
    following = replace(head, number=head.number + 1, date=f"{year}年12月29日")
    yield "distinct", "next issue", whole, following.wrap(article(plan(rng), region, year, rng))
    yield "distinct", "next issue on one template", whole, following.wrap(article(made, region, year, random.Random(9)))
    yield "distinct", "unrelated", whole, another.wrap(article(plan(rng), other, year, rng))
    others = [article(plan(rng, rng.randint(8, 14)), name, year, rng) for name in rng.sample(REGIONS, 3)]
    place = rng.randrange(4)
    collection = another.wrap("\n".join((*others[:place], body, *others[place:])))
    yield "contains", "article, then bulletin", body, collection
    yield "contained_in", "bulletin, then article", collection, body
    yield "contained_in", "bulletin, then the article as a web page", collection, f"{body}\n发布时间：{year}-05-09"
