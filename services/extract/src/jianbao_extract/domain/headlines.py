"""What the short lines above an article are: advertisement, section, kicker, title, subtitle, by-line, unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jianbao_extract.domain.forms import names_in_byline
from jianbao_extract.domain.lines import Line, key_of
from jianbao_extract.domain.offices import is_office, is_post, is_unit
from jianbao_extract.domain.surnames import is_name
from jianbao_text.places import gazetteer

_ADVERTISER = re.compile(
    r"协办|冠名|赞助|特约刊登|特约播出|广告|订阅|招商|征文|热线[：:]?\s*\d|加盟|[^\s]{1,6}杯$|比赛$|大赛$|^[A-Z0-9\s]{3,12}$|全国文明单位$"
)
_SPONSOR = re.compile(r"协办|冠名|赞助|特约刊登|特约播出|广告|订阅|招商|加盟")
_COLLECTION = re.compile(
    r"(?:发言(?:摘要|材料|摘登|选登|提纲)?|摘要|选登|摘登|摘编|选编|专题|专栏|专版|特刊|巡礼|汇编|集锦|经验材料|典型材料|经验交流|系列报道|综述之[一二三四五])$"
)
_VERBS = re.compile(
    r"推进|打造|建设|创建|开展|强化|全面|努力|争创|让|助力|提升|实现|走进|举行|召开|深化|构建|激发|营造|促进|加强|推动|探索|点亮|守护|共建|建好|赋能"
)
_NEWS_LEAD = re.compile(
    r"(?:本报|本刊|本网|新华社|.{1,6}日电)[^。]{0,12}(?:讯|记者|电)|近年来|近日|日前|今年以来|为(?:深入|进一步|全面|切实|认真|贯彻|扎实|推动)|\d{1,2}月\d{1,2}日"
)
_SHORTEST_TITLE = 12
"""Characters; points without a number (抓主体, 干事创业展现新气象) mostly stay below, headlines above."""
_ENOUGH = 3
_ADVERTISEMENT_LINES = 3
_MOST_LINES = 4
"""A headline is broken over so many lines at most."""


@dataclass(slots=True)
class Heads:
    """The parts of one headline."""

    section: Line | None = None
    kicker: list[Line] = field(default_factory=list)
    title: list[Line] = field(default_factory=list)
    subtitle: list[Line] = field(default_factory=list)
    bylines: list[Line] = field(default_factory=list)
    units: list[Line] = field(default_factory=list)
    list_below: list[Line] = field(default_factory=list)


def split_advertisement(heads: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return (advertisement, rest): a block of short lines with sponsors that stands above a headline or ends a page."""
    sponsored = [i for i, line in enumerate(heads) if _ADVERTISER.search(line.text) and len(line.text) <= 40]
    strong = any(_SPONSOR.search(heads[i].text) for i in sponsored)
    if not sponsored or not (
        (len(sponsored) + strong >= 2 and len(heads) >= _ADVERTISEMENT_LINES) or (strong and len(heads) == 1)
    ):
        return [], list(heads)
    cut = sponsored[-1] + 1
    return list(heads[:cut]), list(heads[cut:])


def is_slogan_block(heads: Sequence[Line]) -> bool:
    """Tell whether short lines that nothing follows are an advertisement without a sponsor's word (name, year, slogan)."""
    return len(heads) >= _ADVERTISEMENT_LINES and all(len(line.text) <= 16 for line in heads)


def signer_at_end(line: Line) -> bool:
    """Tell whether a line holds only who signed: names, or a post or body and a name (… 常务副部长 张加钦)."""
    if names_in_byline(line.text):
        return True
    office, _, name = line.text.rpartition(" ")
    if not office:
        return False
    names = re.split(r"[、，\s]+", name)
    return (
        all(is_name(each) for each in names)
        and (is_post(office) or is_unit(office) or is_office(office))
        and "。" not in office
    )


def unit_at_end(line: Line) -> bool:
    """Tell whether a line under a headline names the unit that speaks (白石镇)."""
    return len(line.text) <= 18 and is_unit(line.text) and not _VERBS.search(line.text)


def read_heads(heads: Sequence[Line], announced: tuple[int, int] | None = None) -> Heads:
    """Give each line its part. `announced` (first, number of lines): the headline that a contents list names."""
    parts = Heads()
    rest = list(heads)
    if announced is not None:
        first, size = announced
        parts.title = rest[first : first + size]
        above, below = rest[:first], rest[first + size :]
        _place_above(parts, above)
        for line in below:
            _place_below(parts, line)
        _split_kicker(parts)
        return parts
    while len(rest) > 1 and (signer_at_end(rest[-1]) or unit_at_end(rest[-1])):
        last = rest.pop()
        (parts.units if unit_at_end(last) else parts.bylines).insert(0, last)
    if len(rest) > 1 and _COLLECTION.search(rest[0].text):
        parts.section = rest.pop(0)
    if len(rest) >= 2 and _is_kicker(rest[0], rest[1]):
        parts.kicker = [rest.pop(0)]
    if len(rest) > _MOST_LINES:  # a list of short lines, not one headline: nothing of it may be lost
        rest, parts.list_below = rest[:1], rest[1:]
    parts.title = rest
    _split_kicker(parts)
    return parts


def _place_above(parts: Heads, above: list[Line]) -> None:
    if above and _COLLECTION.search(above[0].text):
        parts.section = above.pop(0)
    parts.kicker = above[-1:]


def _place_below(parts: Heads, line: Line) -> None:
    if unit_at_end(line):
        parts.units.append(line)
    elif signer_at_end(line):
        parts.bylines.append(line)
    else:
        parts.subtitle.append(line)


def _is_kicker(upper: Line, lower: Line) -> bool:
    """A kicker leads in (…：) or is a row of clauses over a headline that has fewer."""
    return upper.text[-1] in "：:—" or (upper.text.count("，") >= 1 and upper.text.count("，") > lower.text.count("，"))


def _split_kicker(parts: Heads) -> None:
    """A kicker set on the headline's own line: a row of clauses, a blank, then the headline without any."""
    if parts.kicker or len(parts.title) != 1:
        return
    line = parts.title[0]
    for blank in re.finditer(r"\s+", line.text):
        above, below = line.text[: blank.start()], line.text[blank.end() :]
        if above.count("，") >= 1 and "，" not in below and len(below) >= 6 and len(above) >= 10:
            parts.kicker = [line.part(0, blank.start())]
            parts.title = [line.part(blank.end(), len(line.text))]
            return


def opens_article(parts: Heads, following: Line | None, *, closed: bool, regions_before: frozenset[str]) -> bool:
    """Tell whether short lines between two paragraphs are a new headline or a point of the running article.

    `closed`: the article above has ended visibly (attribution, column, editors, advertisement, photo).
    """
    title = " ".join(line.text for line in parts.title)
    if not title or following is None:
        return False
    score = 3 if closed else 0
    score += 3 if parts.bylines else 2 if parts.units else 0
    score += 1 if parts.kicker or parts.subtitle else 0
    score += 1 if len(title) >= _SHORTEST_TITLE else 0
    score += 1 if len(parts.title) == 2 else 0
    score += 1 if _NEWS_LEAD.match(following.text) else 0
    score -= 1 if len(title) <= 6 else 0
    regions = leading_regions(title)
    if regions:
        score += -1 if regions & regions_before and not closed else 2
    score += 2 if _echoes(title, following.text) else 0
    return score >= _ENOUGH


def leading_regions(title: str) -> frozenset[str]:
    """Return the codes of the region that a headline opens with, if any (江夏区四线连接…)."""
    return frozenset(mention.adcode for mention in gazetteer().find(title[:20]).regions if mention.start <= 4)


def _echoes(title: str, paragraph: str) -> bool:
    """A news lead takes up the subject that its headline opens with."""
    subject = key_of(title)[:4]
    return len(subject) >= 3 and (subject in paragraph[:50] or subject[:3] in paragraph[:20])
