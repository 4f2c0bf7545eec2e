"""Titles in 《》, names and slogans in “”, and document numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from jianbao_extract.domain.facts import Name, names_once
from jianbao_extract.domain.lexicon import words
from jianbao_extract.domain.lines import Line
from jianbao_extract.domain.surnames import is_name

_QUOTED = re.compile(r"“([^“”\n]{1,80})”|「([^「」\n]{1,80})」|‘([^‘’\n]{1,40})’")
_HAS_SENTENCE = re.compile(r"[。！？；…]")
_NAMED_BEHIND = re.compile(
    r"^(?!的)(?:[㐀-鿿]{0,8}?(?:活动|平台|品牌|行动|工程|机制|制度|模式|公众号|大赛|评选|工作法|宣传片|栏目|公益广告|体系|系列)|"
    r"(?:主题|特色|专项|长效|常态|志愿服务|实践|宣传|教育|文明|品牌|数字|社区|服务){0,2}(?:挖掘|表彰|活动|平台|品牌|行动|工程|机制|制度|模式|公众号|微信号|视频号|抖音号|工作法|计划|项目|推选|评选|大赛|比赛|竞赛|工作室|工作站|小组|队伍?|团队|联盟|协会|榜|栏目|专栏|"
    r"APP|系统|热线|小程序|服务圈|指数|档案|体系|称号|荣誉|志愿者|工作体系|问题清单|清单|经验|之星|人物|群|会|课堂|论坛|讲堂|集市|驿站|超市|书屋|广场|要求|总要求|标准|"
    r"责任制|普法|宣传片|口号|理念|工作格局|格局|战略|规划|部署|试点|建设|进程|推进会|巡查|问题|方针|精神|景观|氛围|主题日|日|节|月|标语|实践|楼道|志愿服务|服务|推动|推进|生活圈|海报|专项))"
)
_NAMED_BEFORE = re.compile(
    r"(?:荣获|获评|获|被评为|评为|评选|评选出|授予|命名为?|名为|称为|誉为|叫做|开展|开设|打造|创建|推行|实行|建立|推出|实施|启动|创新|设立|开通|组建|成立|构建|举办|提出|总结|探索出?|"
    r"形成|围绕|紧扣|落实|坚持|突出|推广|践行|弘扬|争当|争做|争创|推动|深化|推进|倡导|树立|完善|利用|通过|以|按照|依托|即|创作|发布|入选|列入|建成|发放|获得|抓好?|深入|编制|担任[^，。]{0,8}|涌现出?|票选|推选|挖掘|争创|当好)(?:了|的|出|以|“[^”]*”、?)*$"
)
_SPEECH_BEFORE = re.compile(r"(?:说|道|表示|认为|指出|强调|介绍|告诉|感慨|称|回答|回忆|写道|问|讲)[：，:,]?$")
_COUNTED = re.compile(
    r"[一二三四五六七八九十百两\d]+(?:个|大|项|条)?[^\d\s，。、的]{1,8}(?:[一二三四五六七八九十百两\d]+[^\d\s，。的]{0,8})*"
)
_SAYING = re.compile(r"最后一.{1,2}|每[日周月季年天]一.{1,4}|.{2,4}一条街")
_HONOURED = re.compile(r"[㐀-鿿]{2,3}(?:等|、|，|。|的)")
_PARALLEL = re.compile(r"[，、；\s+＋·]")
_ORDINARY = words("figures_of_speech")
_WORK = re.compile(r"《([^《》\n]{1,80}(?:《[^《》\n]{1,60}》[^《》\n]{0,40})?)》")
_DOCUMENT_NUMBER = re.compile(r"[㐀-䶿一-鿿]{1,10}[〔\[（【(]\s*(?:19|20)\d{2}\s*[〕\]）】)]\s*第?\s*\d{1,5}\s*号")


def works_in(lines: Sequence[Line]) -> list[Name]:
    """Return titles in 《》, each once, without the marks; a title inside a title belongs to the outer one."""
    titles = [line.part(*match.span(1)) for line in lines for match in _WORK.finditer(line.text)]
    return names_once([Name(title.text, title.start, title.end) for title in titles if title.text])


def document_numbers_in(lines: Sequence[Line]) -> list[Name]:
    """Return document numbers (鄂文明委〔2022〕5号), each once."""
    found = []
    for line in lines:
        for match in _DOCUMENT_NUMBER.finditer(line.text):
            start = match.start() + _outside(match[0])
            found.append(Name(line.text[start : match.end()], line.start + start, line.start + match.end()))
    return names_once(found)


def _outside(number: str) -> int:
    """Return how many characters before the issuing body's short form the running text contributed (根据国办发…)."""
    cut = re.match(r".*?(?:根据|按照|依据|印发|转发|贯彻|落实|以|和|与|及|、|的|由)(?=[㐀-䶿一-鿿])", number)
    return cut.end() if cut else 0


def quoted_names_in(lines: Sequence[Line]) -> list[Name]:
    """Return what in quotation marks is a name or a slogan, each once: by what stands around it, by its own shape
    (counted: 八抓八促; parallel: 市里补一点、部门帮一点), or because it recurs."""
    inner = [
        (line, m, next(g for g in (1, 2, 3) if m[g] is not None)) for line in lines for m in _QUOTED.finditer(line.text)
    ]
    times = Counter(m[g].strip() for _, m, g in inner)
    return names_once(
        [
            Name(m[g].strip("，。"), line.start + m.start(g), line.start + m.start(g) + len(m[g].strip("，。")))
            for line, m, g in inner
            if m[g].strip("，。")
            and not m[g].startswith(("，", "。", " "))
            and _is_name(line.text, m, m[g].strip(), times)
        ]
    )


def _is_name(text: str, match: re.Match[str], quoted: str, times: Counter[str]) -> bool:
    if _HAS_SENTENCE.search(quoted) or len(quoted) < 2 or quoted in _ORDINARY:
        return False
    before, behind = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 16]
    parts = [part for part in _PARALLEL.split(quoted) if part]
    if _SPEECH_BEFORE.search(before) and len(parts) < 3:
        return False
    if len(parts) >= 2:
        return _are_parallel(parts) or _NAMED_BEHIND.match(behind) is not None
    if _COUNTED.fullmatch(quoted) or _SAYING.fullmatch(quoted) or times[quoted] >= 3:
        return True
    if _NAMED_BEHIND.match(_past_row(text, match.end())) is not None and len(quoted) >= 3:
        return True
    if _HONOURED.match(behind) and is_name(behind[:3]):
        return True
    return (_NAMED_BEFORE.search(before) is not None and 3 <= len(quoted) <= 16) or (
        times[quoted] >= 2 and len(quoted) >= 3
    )


def _past_row(text: str, end: int) -> str:
    """Return what follows the whole row of quoted names (“甲”“乙”、“丙”等评选)."""
    rest = text[end : end + 120]
    row = re.match(r"(?:[、和与及，]?[㐀-鿿]{0,4}“[^“”]{1,30}”)*等?(?:[一二三四五六七八九十两\d]+[个项大类])?", rest)
    return rest[row.end() :] if row else rest


def _are_parallel(parts: Sequence[str]) -> bool:
    lengths = [len(part) for part in parts]
    return max(lengths) - min(lengths) <= 2 or (len(parts) >= 3 and max(lengths) <= 12)
