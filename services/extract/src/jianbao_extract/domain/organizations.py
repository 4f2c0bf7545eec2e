"""Named bodies: offices, departments, schools, firms, media, and villages or communities that act.

A name ends in a noun of bodies; how far it reaches to the left, the words of the sentence tell. Limits: annotation
guide ("Organizations"): no classes of bodies, no body that is only part of somebody's title without a name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence

from jianbao_extract.domain.facts import Name, names_once
from jianbao_extract.domain.lexicon import words
from jianbao_extract.domain.lines import Line
from jianbao_text.ik import Token, default_segmenter
from jianbao_text.places import gazetteer

_NOUN = re.compile(
    r"委员会|办公室|办公厅|文明办|文明委|创建办|创城办|创文办|编办|网信办|侨办|台办|党工委|管委会|常委会|居委会|村委会|业委会|党委|党组|党总支|党支部|政府|人大常委会|人大机关|人大|政协|纪委监委|纪委|监委|"
    r"(?<=[省市县区旗州])委(?!员|托|屈|派)|宣传部|组织部|统战部|政法委|团[省市县区]?委|总工会|妇联|残联|文联|科协|侨联|工商联|红十字会|研究会|协会|联合会|基金会|学会|商会|促进会|理事会|"
    r"指挥部|领导小组|协调组|整治组|优化组|督导组|服务组|营造组|宣传组|保障组|综合组|工作组|(?:协调|工作|指导|宣教|综合|监督|事业|管理|发展)部|"
    r"(?:(?:集团)?(?:股份)?有限(?:责任)?公司|集团(?:公司|总公司)?(?!有限|股份)|公司|银行|信用社|合作社|供电所|派出所|司法所|电视台|广播电台|日报社?|晚报|出版社|通讯社|报社)|大学|学院|中学|小学|幼儿园|党校|医院|卫生院|研究院|研究所|博物馆|图书馆|文化馆|纪念馆|美术馆|"
    r"(?:管理|服务|指导|实践|指挥|融媒体|文化|活动|研究|发展|保障|志愿服务|协调管理|综合治理)中心|实践站|实践所|服务站|社会工作站|医疗队|救援队|中队|大队|支队(?!伍)|总队(?!伍)|法院|检察院|"
    r"(?:公安|教育|住建|城管|交通|卫健|民政|财政|司法|文旅|水利|农业农村|执法|监管|税务|环保|生态环境|规划|发改|体育|审计|统计|商务|科技|人社|应急|林业|园林|文广|广电|气象|信访|退役军人事务|市场监督管理|行政执法|文化和旅游|综合行政执法|住房和城乡建设|自然资源|交通运输|卫生健康|工信|城市管理|城乡建设|民族宗教|医疗保障|机关事务管理|大数据)(?:分?局|厅|委|支队|大队)"
)
_PLACE = re.compile(
    r"(?:(?<=[，。；！？：“])|^)([㐀-䶿一-鿿]{2,12}?(?:社区|镇|乡|村|街道))(?=作为|在|始终|将|把|继续|坚持|以|通过|组织|积极|创新|率先|率|不断|持续|开展|成立|依托|结合|充分|还|则|也|被|获|荣|用|建|制|打造|推行|推出|探索|立足|紧|聚焦|实|借|着力|全面|深入|广泛|召开|举办)"
)
_STOP_WORDS = words("outside_names")
_GENERIC = words("generic_bodies")
_ADMIN = frozenset("省市县区州旗镇乡")
_POST = re.compile(
    r"(?:党组|常务|第一|原|副|总)*(?:书记|主任|局长|部长|厅长|处长|县长|市长|区长|镇长|主席|院长|校长|会长|站长|所长|队长|社长|经理|董事长|秘书长|组长|成员(?!单位)|委员|科长|政委|主编|馆长|园长|负责人|负责同志|干部|工作人员|领导|社长)"
)
_HAN = re.compile(r"[㐀-䶿一-鿿（）()·A-Za-z0-9]")
_LONGEST = 30
_SHORTEST = 2
_SHORT_NOUN = 2
_CONNECTIVES = frozenset("和与及同由向对在为将把")
_LEADS_ON = frozenset("到给把将从为向在对与和由被使让")
_COUNTED = re.compile(r"[\d一二三四五六七八九十两几数]+[个家所支]$")
_GOES_ON = frozenset("部长们员织")
_COUNT = re.compile(r"[一二三四五六七八九十百两几\d]+[个名家支条项所座位]?(?:名|位)?")
_DOING = words("words_of_doing")


def organizations_in(lines: Sequence[Line], persons: Collection[Name]) -> list[Name]:
    """Return the bodies named in lines, each once; `persons` tells whether a post behind a body has a name."""
    starts = {person.start for person in persons}
    found: list[Name] = []
    for line in lines:
        if _NOUN.search(line.text):
            found += _bodies(line, starts)
        found += [
            Name(m[1], line.start + m.start(1), line.start + m.end(1))
            for m in _PLACE.finditer(line.text)
            if _is_acting_place(m[1])
        ]
    return _longest_forms(names_once(found))


def _bodies(line: Line, person_starts: set[int]) -> list[Name]:
    text = line.text
    tokens = default_segmenter().smart(text)
    begins, ends = [token.start for token in tokens], {token.end for token in tokens}
    found: list[Name] = []
    for match in _NOUN.finditer(text):
        end = match.end()
        if not _ends_a_name(text, match, ends) or _is_only_a_post(text, end, line.start, person_starts):
            continue
        start = _start(tokens, begins, match)
        before = found[-1].end - line.start if found else 0
        if before > start:  # the word that joins two names was read together with the end of the first
            start = _past_outside_words(text, min(before, match.start()), match.start())
        name = _trimmed(text[start:end])
        start = end - len(name)
        if len(name) >= _SHORTEST and name not in _GENERIC and not _is_class(text, start, name):
            found.append(Name(name, line.start + start, line.start + end))
    return found


def _is_class(text: str, start: int, name: str) -> bool:
    """Tell whether what was read is a kind of bodies (6个茶叶合作社, 各单位文明办) or cut out of a quoted name."""
    before = text[max(0, start - 6) : start]
    return (
        name[0] == "各"
        or before.endswith("各")
        or _COUNTED.search(before) is not None
        or re.search(r"“[一二三四五六七八九十两]$", before) is not None
    )


def _ends_a_name(text: str, noun: re.Match[str], ends: set[int]) -> bool:
    """Tell whether a noun of bodies ends here: not inside a word (实践中学习), before a longer noun, or in a number."""
    end = noun.end()
    inside_a_word = end not in ends and end - noun.start() <= _SHORT_NOUN and not _POST.match(text, end)
    goes_on = _NOUN.match(text, end) is not None or (
        text[end : end + 1] in _GOES_ON and not text.startswith("部署", end)
    )
    return not inside_a_word and not (goes_on and end < len(text)) and not text.startswith(("〔", "["), end)


def _is_only_a_post(text: str, end: int, offset: int, person_starts: set[int]) -> bool:
    """Tell whether the noun only says whose post it is, without naming who holds it (县委书记任政委)."""
    post = _POST.match(text, end)
    return post is not None and not any(offset + post.end() + gap in person_starts for gap in (0, 1))


def _start(tokens: Sequence[Token], begins: Sequence[int], noun: re.Match[str]) -> int:
    start = noun.start()
    index = bisect_right(begins, start) - 1
    if index >= 0 and tokens[index].start <= start < tokens[index].end:
        start = tokens[index].start
        index -= 1
    return _left_end(tokens, index, start, noun.start(), noun.end())


def _past_outside_words(text: str, start: int, noun: int) -> int:
    while start < noun:
        word = next(
            (
                text[start : start + n]
                for n in (3, 2, 1)
                if text[start : start + n] in (_STOP_WORDS if n > 1 else _CONNECTIVES)
            ),
            "",
        )
        if not word or start + len(word) > noun:
            break
        start += len(word)
    return start


def _left_end(tokens: Sequence[Token], index: int, start: int, noun: int, end: int) -> int:
    """Return where the name begins: as far left as words belong to it. Words of doing (创建, 服务) belong where a bare noun
    needs them, or where an administrative unit stands before them (县创建全省文明城市工作指挥部)."""
    bare = start == noun
    certain = start
    while index >= 0 and tokens[index].end == start and end - tokens[index].start <= _LONGEST:
        word = tokens[index].text
        if word in _DOING:
            start = tokens[index].start
            if bare and certain == noun:
                certain = start
        elif not _belongs(word):
            break
        else:
            start = tokens[index].start
            if (start != certain and certain == tokens[index].end) or word[-1] in _ADMIN:
                certain = start
        index -= 1
    return certain


def _belongs(word: str) -> bool:
    return (
        word not in _STOP_WORDS
        and not _COUNT.fullmatch(word)
        and all(_HAN.match(char) for char in word)
        and not word[0].isdigit()
        and not (len(word) > 1 and word[-1] in _LEADS_ON)
    )


def _trimmed(name: str) -> str:
    """Cut what cannot open a name: a numeral with its measure word, a bracket left open."""
    name = re.sub(r"^[）)·的一二三四五六七八九十两多]+(?=[省市县区])", "", name)
    if name.count("（") != name.count("）"):
        name = (
            name.rpartition("（")[2].replace("）", "")
            if name.count("（") > name.count("）")
            else name.rpartition("）")[2]
        )
    return name.strip("（）()·")


def _is_acting_place(name: str) -> bool:
    return (
        name[:-2] not in {"", "各", "全", "该", "本", "每个", "有的", "一些"}
        and not re.match(
            r"各|全|该|本|每|街道|乡镇|一|在|从|对|有|把|由|区县|农|.*(?:到|邀|请|在|的|把|将|从|对|让|使|和|与|及|各)",
            name,
        )
        and len(name) >= 3
    )


def _longest_forms(names: list[Name]) -> list[Name]:
    """Drop a short form whose long form is named too (市文明委 beside 漳州市文明委)."""
    inside = {name.text[at:] for name in names for at in range(1, len(name.text)) if name.text[at] in _ADMIN}
    return [name for name in names if name.text not in inside]


def region_in(name: str) -> str | None:
    """Return the code of the lowest region that an organization's name opens with, if any (江苏省文明办: 320000)."""
    regions = gazetteer().find(name).regions
    return regions[-1].adcode if regions else None
