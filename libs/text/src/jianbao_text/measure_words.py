"""Measure words that turn a numeral into an amount, and when one of them is part of another word instead.

Drawn up by hand for what office prose counts: measure words of things, of acts and of time, and the usual legal units.
"""

from __future__ import annotations

from typing import Final


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


CLASSIFIERS: Final = _split(
    "个 名 位 人 家 户 所 处 条 份 块 张 项 次 件 场 支 套 本 册 台 部 辆 座 栋 幢 间 棵 株 盆 只 头 匹 篇 幅 面 副 对 组 批 类 种 "
    "级 期 轮 届 层 根 片 段 道 班 盏 枚 颗 粒 朵 首 曲 例 宗 起 桩 笔 单 票 箱 袋 瓶 盒 桶 杯 扇 艘 架 列 节 堂 门 顿 餐 把 口 "
    "双 样 款 课时 学时 趟 遍 尊 桌 盘 眼 孔 棚 羽 尾 标段"
)
COUNTED_TWICE: Final = _split(
    "人次 件次 场次 班次 车次 户次 架次 台次 例次 篇次 批次 条次 家次 个次 户次 项次 课次 船次 单次 台套 亩次"
)
TIME: Final = _split(
    "年 个月 月 天 周 个星期 星期 小时 个小时 分钟 秒 秒钟 刻钟 个工作日 工作日 日 周年 岁 周岁 载 昼夜 个季度"
)
MEASURES: Final = _split(
    "% ％ ‰ 个百分点 百分点 倍 成 番 元 角 美元 欧元 港元 日元 英镑 元人民币 亩 公顷 顷 平方米 平方公里 平方千米 平米 ㎡ 平方 m² "
    "立方米 立方 m³ 米 延米 公里 千米 里 华里 海里 厘米 毫米 分米 吨 公斤 千克 斤 克 毫克 升 毫升 千瓦时 千瓦 兆瓦 摄氏度 ℃ 度电 分 标箱"
)
HALVES: Final = {"个半月": "个月", "个半小时": "个小时", "个半年头": "年", "年半": "年"}
"""Units with half a one more in the middle: 两个半月 is 2.5, 个月."""
UNITS: Final = tuple(
    sorted({*CLASSIFIERS, *COUNTED_TWICE, *TIME, *MEASURES, *HALVES}, key=lambda unit: (-len(unit), unit))
)
"""Longest first, so that 个月 is tried before 个."""

DURATIONS: Final = frozenset(TIME)
TAKES_MORE_AFTER: Final = (DURATIONS | set(MEASURES)) - {"%", "％", "‰", "番"}
"""Units that let 多 or 余 stand behind them (2年多, 三里余); behind others 多 begins the next word (12家多次获奖)."""

_PLACE: Final = "[\u4e00-\u9fff]?(?:社区|村(?!民)|街道|镇|乡|桥|屯)"
"""六道口社区, 三棵树镇, 九眼桥: villages and streets are named with numerals and these nouns."""
NOT_BEFORE: Final = {
    "年": "级|代|制|龄",
    "年半": "数|价|径",
    "人": "制|座|大|民",
    "级": "医院|甲等|乙等|跳|台阶|保护|文物|资质|响应",
    "届": "[一二三四五六七八九0-9]中|中央|全国|全会|人大|人民代表|政协",
    "轮": "车|摩托|电动|驱动",
    "台": "湾|风|账",
    "支": "部|书|持|撑|出|付|教|行",
    "节": "约|气|能|日|点|水|假",
    "道": f"路|德|县|教|{_PLACE}",
    "棵": _PLACE,
    "眼": _PLACE,
    "孔": _PLACE,
    "门": "县|峡|店|诊",
    "位": "一体|置|列",
    "场": "所|地|馆|景|合",
    "所": "有|以|在|需",
    "部": "门|委|分|署|队|长|级",
    "条": "件|例|约",
    "对": "照|比|标|接|应|象",
    "面": "积|临|向|对|貌|八方|环",
    "口": f"号|头|岸|之家|{_PLACE}",
    "分": "之|制|别|类|工|管|级|包|区|层|局|会|院|公司",
    "单": "位|元|独|一",
    "列": "入|为|出|车",
    "起": "来|步|点|草|到",
    "首": "批|届|先|创",
    "头": "条",
    "成": "立|功|果|为|员|长|品|熟|型|就|效|绩|本|分|片|群|都|县|语|全|章|家",
    "个": "体|性|一批|一工程|一律|一百年",
    "本": "土|地|职|市|县|区|省|领|次|年|月|科|级|质|色",
    "组": "织|建|合|成|长|团|装|员|村民",
    "类": "似|别|型",
    "名": "单|称|录|牌|额",
    "只": "有|是|要|能|为|需",
    "元": "旦|素|宵|区|首|化|月",
    "米": "粉|面|粮|油|线|饭",
    "升": "级|学|旗|温|至",
    "克": "服|拉",
    "亩": "产|均",
    "里": "程|弄|屯|铺|店|桥|河|坪|坡|街|镇|乡|村|社区|挑|沟|墩|庄|堡|湖|湾|塘|营|八乡|区",
    "家": "庭|长|园|乡|庄|村|铺|沟|湾|河|桥|店|堡|坪|坝|屯|寨|渠|喻|门",
    "周": "边|围|密|刊|末|到",
    "种": "植|子|养|田|粮",
    "样": "本|板|式",
    "班": "子|长|主任",
    "期": "间|望|货|限",
    "批": "评|准|示|复|发",
    "张": "贴|家|扬",
    "处": "理|置|长|罚|级",
    "项": "目",
    "双": "方|拥|创",
    "角": "度|色|落",
    "段": "落",
    "载": "体|入|重",
    "桌": "面|椅",
    "盘": "活|点|查",
    "片": "面|刻",
    "间": f"隔|接|断|{_PLACE}",
    "餐": "饮|厅|桌",
    "把": "握|手|关|控",
}
"""Words that a unit may begin; before them numeral and unit are no amount (三年级, 三轮车, 三成立)."""

FIXED_NAMES: Final = _split(
    "四个意识 四个自信 两个维护 两个确立 四个全面 四个伟大 三个代表 五个一工程 两个一百年 三个务必 六个必须坚持 九个坚持 十个明确 "
    "八项规定 四种形态 六项纪律 三位一体 五位一体 四套班子 五套班子 四级书记 五级书记 两个文明 三项制度改革 三次产业 两个毫不动摇 "
    "四个服务 三个倡导 三个区分开来 四个最严 两个结合 四个机关 一个中心 三项机制 两个责任 三个文明 两个率先 四个轮子 千家万户 "
    "五湖四海 四面八方 万里长征 万里长城 千里之外 三句半 百家争鸣 百家讲坛 百日攻坚 百日会战 百年大计 百年树人 十年树木 十年磨一剑 "
    "三天两头 三番五次 两面派 三口之家 万户千家 千头万绪 三头六臂 三令五申 两条腿 二十四节气 双百方针 万家灯火 千军万马"
)
"""Names of policies and idioms of general use that look like amounts (guide: fixed names and idioms are no amounts)."""
