"""Named persons: a family name behind a post or role, before a word of speech, in a list of names, or behind an honour."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jianbao_extract.domain.facts import Name, names_once
from jianbao_extract.domain.lexicon import words
from jianbao_extract.domain.lines import Line
from jianbao_extract.domain.surnames import COMPOUND, SINGLE, is_name, is_ordinary_word_too
from jianbao_text.ik import default_segmenter

_POSTS = (
    "书记|副书记|主任|副主任|部长|副部长|局长|副局长|厅长|处长|科长|县长|副县长|市长|副市长|区长|镇长|乡长|省长|主席|副主席|院长|校长|会长|站长|所长|队长|社长|经理|董事长|"
    "委员|常委|教授|研究员|调研员|秘书长|组长|村长|政委|巡视员|馆长|园长|班长|团长|总编辑|总经理|负责人|理事长|总指挥|副总指挥|指挥长|召集人"
)
_ROLES = (
    "党员|居民|村民|市民|网民|群众|教师|老师|学生|同学|志愿者|队员|社员|职工|工人|医生|护士|民警|交警|辅警|司机|店主|业主|老板|商户|网格员|网格长|楼道长|楼长|街巷长|街长|巷长|"
    "路长|片长|河长|孝子|愚公|模范|好人|标兵|青年|代表|演员|画家|作家|艺人|传承人|户主|老人|大爷|大妈|阿姨|奶奶|爷爷|战士|英雄|劳模|干部|专干|讲解员|宣讲员|保洁员|环卫工人?|"
    "信息员|监督员|观众|读者|考生|家长|员工|创始人|企业家|乡贤|能人|村医|烈士|院士|专家|楷模|少年|军人|老兵|儿媳|媳妇|丈夫|妻子|儿子|女儿|母亲|父亲|店长|主播|大学生|研究生|茶农|果农|菜农|农户|牧民|渔民|技术员|农技员|联系人|调解员|主持人|理发师|摊主|楼栋长|护林员|民兵|会计|组织委员"
)
_LEADING = re.compile(rf"(?:{_POSTS}|{_ROLES})(?:[:：、]|——)?")
_AT_END_OF_POST = re.compile(rf"(?:{_POSTS})$")
_SPEECH = "说|表示|认为|介绍|告诉|坦言|感慨|笑着|回忆|称赞|指出|强调|告诉记者|解释|感叹|高兴地|激动地|总书记|同志|先生|女士|主席|书记|主任|局长|县长|市长|部长|老师|大爷|阿姨"
_PORTRAIT = re.compile(
    r"(?:^|(?<=[，。；：！？“”、（]))([㐀-䶿一-鿿]{2,4})，(?=[男女]，|\d{2}岁|现任|现年|出生|生于|家住|[^，。]{2,12}(?:村|社区|镇)?(?:村民|居民|党员))"
)
_SPEAKING = re.compile(rf"(?:^|(?<=[，。；：！？“”、）（]))([㐀-䶿一-鿿]{{2,4}}?)(?={_SPEECH})")
_HONORIFIC = re.compile(r"总书记|同志|先生|女士|老人|老师(?!们)")
_NEVER = frozenset("和时应来同都全从位那对向连但任要有及以由")
"""Family names that as ordinary words so often stand behind a post or role that they are read as such."""
_FULL_NAME = 3
_OFTEN_WORDS = frozenset("于通公平干能相成高万安金方常")
"""Family names that are read as words where what follows them is one (于上午, 高标准)."""
_LIST = re.compile(
    r"(?<![㐀-䶿一-鿿])((?:[㐀-䶿一-鿿]{2,4}、){1,12}[㐀-䶿一-鿿]{2,4}?)(?=等|[。；，）]|\d+(?:名|位|人)|[两三四五六七八九十](?:名|位|人))"
)
_BEHIND_QUOTE = re.compile(
    r"”(?=[㐀-䶿一-鿿]{3}(?:等|、|，|。|的)|[㐀-䶿一-鿿]{2,3}(?:等|的(?:先进|感人)?事迹|为代表))"
)
_RIGHT_WORDS = re.compile(
    r"今年|成为|带领|表示|认为|介绍|告诉|担任|同志|先生|女士|负责|主持|出席|参加|指出|强调|坚持|牵头|诚信|已经|一直|每天|因为|通过|自己|带头|获得|荣获|被评|来到|正在|作为|看到|感慨|"
    r"赞不绝口|不仅|多年|曾经|率队|率领|代表|致辞|讲话|作了|向|家住|从事|退休|主动|利用|长期|热心|高兴|激动|笑着|当选|入选|接过|当场|深有|率先|发言|汇报|宣读|部署|要求|任"
)
_RIGHT_SIGNS = re.compile(
    r"[，。；：！？、“”（）《》\s\d]|$|等|说|在|是|的|和|与|为|把|一|自|从|也|就|都|曾|被|获|赞|则|以|对|将|家|正|忙|及|有|用|给|让|于|今|当|带|率"
)
_NO_NAME = words("no_names")


def persons_in(lines: Sequence[Line]) -> list[Name]:
    """Return the persons named in lines, each once, in order."""
    found: list[Name] = []
    for line in lines:
        by_context = _behind_roles(line) + _speaking(line) + _listed(line) + _honoured(line)
        found += [name for name in by_context if not _is_word(name.text)] + _before_honorifics(line)
    return _without_longer_readings(found)


def _name_at(text: str, start: int, *, strict: bool) -> str | None:
    """Return the name that opens at `start`: of its readings (two, three, four characters) the one that the words
    behind it fit. `strict`: the family name is an ordinary word as well, so that only a full name without a word in it
    is read."""
    if text[start : start + 2] in COMPOUND:
        lengths: tuple[int, ...] = (4, 3)
    elif text[start : start + 1] in SINGLE:
        lengths = (3, 2)
    else:
        return None
    fitting = [n for n in lengths if is_name(text[start : start + n]) and text[start : start + 2] not in _NO_NAME]
    by_word = [n for n in fitting if _RIGHT_WORDS.match(text, start + n)]
    by_sign = [n for n in fitting if _RIGHT_SIGNS.match(text, start + n)]
    if strict:
        opens_word = _is_word(text[start : start + 2])
        by_sign = [n for n in by_sign if n == _FULL_NAME and not opens_word]
    chosen = (by_word or by_sign)[:1]
    if chosen and text[start] in _OFTEN_WORDS and _ends_in_word(text[start : start + chosen[0]]):
        return None
    return text[start : start + chosen[0]] if chosen else None


def _behind_roles(line: Line) -> list[Name]:
    found = []
    for match in _LEADING.finditer(line.text):
        name = _name_at(line.text, match.end(), strict=is_ordinary_word_too(line.text[match.end() : match.end() + 1]))
        if name and name[0] not in _NEVER:
            found.append(Name(name, line.start + match.end(), line.start + match.end() + len(name)))
    return found


def _before_honorifics(line: Line) -> list[Name]:
    found = []
    for match in _HONORIFIC.finditer(line.text):
        end = match.start()
        start = end - 3 if is_name(line.text[max(0, end - 3) : end]) and end >= 3 else end - 2
        name = line.text[max(0, start) : end]
        before = line.text[max(0, start - 8) : start] if start > 0 else ""
        alone = not before or not before[-1].isalnum() or _AT_END_OF_POST.search(before) is not None
        if (
            start >= 0
            and is_name(name)
            and (len(name) == 3 or alone)
            and name[:2] not in _NO_NAME
            and not is_ordinary_word_too(name[0])
        ):
            found.append(Name(name, line.start + start, line.start + end))
    return found


def _ends_in_word(name: str) -> bool:
    return len(name) == 3 and any(token.end - token.start == 2 for token in default_segmenter().max_word(name[1:]))


def _is_word(name: str) -> bool:
    """Tell whether a two-character reading is an ordinary word of the dictionary (普法)."""
    return len(name) == 2 and any(token.end - token.start == 2 for token in default_segmenter().max_word(name))


def _speaking(line: Line) -> list[Name]:
    return [
        Name(m[1], line.start + m.start(1), line.start + m.end(1))
        for pattern in (_SPEAKING, _PORTRAIT)
        for m in pattern.finditer(line.text)
        if is_name(m[1]) and m[1][:2] not in _NO_NAME and not is_ordinary_word_too(m[1][0])
    ]


def _listed(line: Line) -> list[Name]:
    found = []
    for match in _LIST.finditer(line.text):
        parts = match[1].split("、")
        if not all(is_name(part) and part[:2] not in _NO_NAME for part in parts) or any(
            is_ordinary_word_too(part[0]) for part in parts
        ):
            continue
        at = match.start(1)
        for part in parts:
            found.append(Name(part, line.start + at, line.start + at + len(part)))
            at += len(part) + 1
    return found


def _honoured(line: Line) -> list[Name]:
    found = []
    for match in _BEHIND_QUOTE.finditer(line.text):
        name = _name_at(line.text, match.end(), strict=False)
        if name and name[0] not in _NEVER:
            found.append(Name(name, line.start + match.end(), line.start + match.end() + len(name)))
    return found


def _without_longer_readings(found: list[Name]) -> list[Name]:
    """Where both 张贵 and 张贵成 were read, the shorter one, which stands elsewhere too, is the name."""
    known = {name.text for name in found}
    return names_once([name for name in found if not (len(name.text) == 3 and name.text[:2] in known)])
