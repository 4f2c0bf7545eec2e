"""What an amount counts: the words behind it (86个社区), else those before it (修订村规民约86个).

Drawn up by hand for what office prose counts. Behind the amount the object ends at the next function word or verb; before
it, the object begins behind the last one, since nothing else tells 修订|村规民约 from 志愿|服务队.
"""

from __future__ import annotations

import re
from typing import Final

from jianbao_text.measure_words import CLASSIFIERS, COUNTED_TWICE, DURATIONS
from jianbao_text.places.words import speech

LONGEST: Final = 12
"""Characters of an object; what is longer behind an amount is cut, and before it is no object but half a sentence."""

_NOTHING_COUNTED: Final = DURATIONS | {"%", "％", "‰", "个百分点", "百分点", "倍", "成", "番"}
_COUNTED_BEFORE: Final = frozenset((*CLASSIFIERS, *COUNTED_TWICE))
"""Units whose thing may stand before the numeral; before measures (500万元, 3公里) stands what was measured or spent."""

_BEHIND: Final = re.compile(r"[\u4e00-\u9fff“”]{1,16}")
_BEHIND_ENDS: Final = re.compile(
    r"[的和与及等在均已了被将为是对把从向就也都则并或]|参与|参加|开展|进行|完成|受到|获得|获评|组成|成为|分别|先后|共同|联合|积极|建立|全面|纳入|负责|统一|任(?!务)"
)
_REACH: Final = 16
_BEFORE: Final = re.compile(rf"[\u4e00-\u9fff]{{1,{_REACH}}}$")
_ADVERBS: Final = re.compile("(?:共计|总计|合计|累计|达到|超过|分别|多达|至少|最多|达|共|各)+$")
_BEFORE_BEGINS: Final = re.compile(
    "[的和与及等在均已了被将是对把从向就也都则并或有达至含据每于]|(?<!行)为|其中|目前|共印|今年|去年|以来|期间|当天|近年|累计|平均|人均|同比|环比|"
    "制作|建成|新建|开展|举办|召开|成立|组建|制定|制订|修订|出台|印发|发放|派发|张贴|悬挂|收集|征集|采集|梳理|受理|办结|化解|解决|排查|整治|查处|发现|"
    "摸排|走访|慰问|看望|结对|招募|吸引|选派|选树|评选|评出|推选|表彰|清理|清运|拆除|更换|安装|修缮|修复|栽植|栽种|新增|增加|减少|增长|下降|提高|"
    "上升|投放|捐赠|赠送|惠及|覆盖|涉及|包括|参与|参加|动员|发动|带动|劝导|纠正|签订|刊发|推送|推出|形成|完成|提供|接待|下发|开通|开设|设立|设置|"
    "配备|打造|完善|获得|获评|荣获"
)
"""Function words and verbs that are part of no noun: what is counted begins behind the last of them."""
_OPENING: Final = re.compile(
    "(?:各[类种项]|全部|[全我该本各][省市县区州镇乡村]|组织|建设|创建|服务|培训|培育|整改|改造|绿化|巡查|检查|督查|规范|登记|注册|调解|帮扶|救助|处理|"
    "拍摄|创作|命名|引导|推进|实施|落实|建立|汇总|审核)(?=..|$)"
)
"""Verbs that may be part of a noun (社会组织, 服务队): left out only where they open what is left, and leave a word."""

_NO_NOUN_ENDS: Final = ("后", "前", "到", "得", "着", "过")
_NOUNS: Final = frozenset({"n", "ns", "nt", "nz", "vn", "an", "l"})
"""Parts of speech by which two characters alone can be a thing; longer strings are mostly unknown to the dictionary."""


def counted(text: str, start: int, end: int, unit: str) -> str | None:
    """Return what the amount at `text[start:end]` counts, or None where the text does not say it beside the amount."""
    if unit in _NOTHING_COUNTED:
        return None
    return _behind(text, end) or (_before(text, start) if unit in _COUNTED_BEFORE else None)


def _behind(text: str, end: int) -> str | None:
    match = _BEHIND.match(text, end)
    if not match:
        return None
    cut = _BEHIND_ENDS.search(match[0])
    return (match[0][: cut.start()] if cut else match[0])[:LONGEST] or None


def _before(text: str, start: int) -> str | None:
    match = _BEFORE.search(text, max(0, start - _REACH - 1), start)
    if not match:
        return None
    run = _ADVERBS.sub("", match[0])
    begins = [found.end() for found in _BEFORE_BEGINS.finditer(run)]
    if not begins and len(match[0]) == _REACH:
        return None
    thing = run[begins[-1] :] if begins else run
    while opening := _OPENING.match(thing):
        thing = thing[opening.end() :]
    return thing if 2 <= len(thing) <= LONGEST and _is_a_thing(thing) else None


def _is_a_thing(words: str) -> bool:
    return not words.endswith(_NO_NOUN_ENDS) and (len(words) > 2 or speech(words) in _NOUNS)
