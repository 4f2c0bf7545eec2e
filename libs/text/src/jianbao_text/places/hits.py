"""Which strings of a text may name a region, judged by the characters around them alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from jianbao_text.places.region import Region
from jianbao_text.places.words import frequency, is_common_word, is_word, word_set


class Strength(IntEnum):
    """How far a name speaks for itself: not at all, only with evidence from the text, as a short name, in full."""

    NONE = 0
    NEEDS_PROOF = 1
    SHORT = 2
    FULL = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A full or short name, the regions that bear it, and what is known of it as a word."""

    text: str
    regions: tuple[Region, ...]
    full: bool
    strength: Strength
    needs_edge: bool
    ordinary: bool

    @property
    def distinct(self) -> bool:
        """Whether it names a region of today and is no ordinary word."""
        return not self.ordinary and any(region.is_current for region in self.regions)


@dataclass(frozen=True, slots=True)
class Hit:
    """A name at `start:end` of a text."""

    start: int
    end: int
    name: Name
    strength: Strength


ORDINARY_NOUNS: Final = word_set(
    "城区 郊区 矿区 东区 西区 南区 北区 中区 新区 老城区 新城区 旧城区 市中区 城中区 城郊区 城东区 城西区 城南区 城北区 市郊区 新市区 古城区 "
    "市区 东市区 西市区 南市区 北市区 中市区 港口区 水磨区 工农区"
)
"""Full names that are common nouns of town planning as well: a region only right behind the region they belong to."""
ORDINARY_WORDS: Final = word_set(
    "大同 日照 孝感 来宾 开封 安康 安顺 白银 天水 中山 黄山 阿里 文山 朝阳 玉树 长治 和田 海北 百色 平安"
)
"""Short names of prefectures that office prose uses as words, persons, mountains or firms (长治久安, 文山会海, 朝阳产业)."""
_EDGE_NEEDED: Final = re.compile(r"^(?:.县|[市城县].区)$")
"""Full names that may be the end of a word and a common noun (提高|县, 市和县): only behind punctuation or a function word."""
_NOUN_AT_END: Final = re.compile(r"^.(?:[城山矿林新]区|[城都]市)$")
"""Full names that end in a common noun (沿海|城市, 鄂西|山区): not where their first character ends a word."""
_FUNCTION: Final = frozenset("在到于从与和及由自对向为将让以往赴是的把当使被跟同给于至经过入出了去来或等原含之")
_FUNCTION_BEHIND: Final = frozenset("的在等与和及将以也为是从把对于通两三四五六七八九十各")
_OTHER_WORD_BEHIND: Final = {
    "市": re.compile("[场值价面圈]"),
    "区": re.compile("[域别分间位块]"),
    "县": re.compile("[志]"),
    "州": re.compile("[长]"),
}
_CLAUSE: Final = re.compile(r"[\u4e00-\u9fff（）()]{0,14}")
_FUNCTION_INSIDE: Final = re.compile("[的在等与和以被将为是对把从向就也都则并或了着过各有用]")
_ORGANISATION: Final = re.compile(
    "大学|学院|中学|小学|学校|幼儿园|银行|公司|集团|电视台|广播|日报|晚报|晨报|早报|都市报|商报|时报|报业|网(?!络|格|上|民|友|点)|出版社|医院|法院|检察院|大厦|酒店|宾馆|饭店|研究院|研究所|"
    "协会|学会|商会|联合会|基金会|机场|火车站|车站|高铁|高速|铁路|大桥|大道|亚运|奥运|冬奥|世博|博物馆|图书馆|剧院|剧团|兵团|新区|海关|海事|军区|舰|厂|局$"
)
_ROAD: Final = re.compile(
    "[东西南北中]?[一二三四五六七八九]?[东西南北中]?(?:路(?!上|径|线|段|网|灯|况|面)|街(?!头|区|景)|巷(?!道)|桥|湖|江|河|港(?!澳)|站|门(?!户|类)|厅)"
)
_FAR_MORE: Final = 20
"""How many times commoner a word across the border of a name must be than the name."""
_QUOTED: Final = re.compile(r"[“‘「『《][^”’」』》。，；！？\n]{1,16}[”’」』》]")


def names(by_name: dict[str, list[Region]]) -> list[Name]:
    """All names of the gazetteer with their standing as words."""
    return [_name(text, tuple(regions)) for text, regions in by_name.items() if len(text) > 1]


def _name(text: str, regions: tuple[Region, ...]) -> Name:
    full = any(region.name == text for region in regions)
    current = [region for region in regions if region.is_current]
    if full:
        ordinary = text in ORDINARY_NOUNS
        strength = Strength.NEEDS_PROOF if ordinary else Strength.FULL
    elif any(region.level != "county" for region in current):
        ordinary = text in ORDINARY_WORDS
        strength = Strength.NEEDS_PROOF if ordinary else Strength.SHORT
    else:
        ordinary = is_common_word(text)
        strength = Strength.SHORT if len(text) > 2 and current and not ordinary else Strength.NEEDS_PROOF
    return Name(text, regions, full, strength, bool(full and _EDGE_NEEDED.match(text)), ordinary)


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Short quotations and titles: a short name inside is part of another name (“广东好人”)."""
    return [match.span() for match in _QUOTED.finditer(text)]


def judge(text: str, start: int, end: int, name: Name, *, chained: bool, followed: bool) -> Strength:
    """Strength of `name` where it stands; `chained`, `followed`: another region's name is next to it."""
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    if name.full:
        other = _OTHER_WORD_BEHIND.get(name.text[-1])
        if other and other.match(behind):
            return Strength.NONE
        if chained:
            return name.strength
        if (name.needs_edge or name.ordinary) and not _is_edge(before):
            return Strength.NONE
        crosses = (name.needs_edge or _NOUN_AT_END.match(name.text)) and is_word(before + name.text[0])
        return Strength.NONE if crosses else name.strength
    if behind in short_suffixes(name) or _is_inside_words(name.text, before, behind):
        return Strength.NONE
    if not followed and _names_something_else(text, end):
        return Strength.NONE
    return name.strength


def short_suffixes(name: Name) -> frozenset[str]:
    """Suffixes that make another region's name of this short form (朝阳 before 市, 县, 区): the full name must match."""
    return frozenset("省市县区旗盟") if not name.full else frozenset()


def stands_free(text: str, hit: Hit) -> bool:
    """Whether no other word can reach into the name: punctuation or a function word on both sides."""
    return _is_edge(text[max(0, hit.start - 1) : hit.start]) and _is_edge(text[hit.end : hit.end + 1], _FUNCTION_BEHIND)


def _is_edge(char: str, function: frozenset[str] = _FUNCTION) -> bool:
    return not ("\u4e00" <= char <= "\u9fff") or char in function


def _is_inside_words(name: str, before: str, behind: str) -> bool:
    """创|新乡|村: both ends belong to common words; 过程中|卫生: one end belongs to a far more common word."""
    left, right = before + name[0], name[-1] + behind
    if before and behind and is_word(left) and is_word(right):
        return True
    crossing = max(
        0 if _is_edge(before) else frequency(left), frequency(right) if "\u4e00" <= behind <= "\u9fff" else 0
    )
    return len(name) == 2 and crossing > _FAR_MORE * max(1, frequency(name))


def _names_something_else(text: str, end: int) -> bool:
    """The short name begins the name of an organisation, a road or a water (武汉电视台, 南京路)."""
    if _ROAD.match(text, end):
        return True
    clause = _CLAUSE.match(text, end)
    run = clause[0] if clause else ""
    cut = _FUNCTION_INSIDE.search(run)
    run = run[: cut.start()] if cut else run
    found = _ORGANISATION.search(run)
    return found is not None and found.start() <= 8
