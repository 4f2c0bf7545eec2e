"""What the page shows, as plain values for its templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlencode

from jianbao_contracts import Article, BulletinFacts, ExtractedBulletin
from jianbao_search.answers import Answer, Other, Shown
from jianbao_search.api.rendering import facet_answers, lowest_regions
from jianbao_search.domain.filters import NAMES, region_codes
from jianbao_search.domain.highlight import Finder
from jianbao_search.domain.office_names import OfficeNames
from jianbao_search.domain.passages import passages
from jianbao_search.domain.snippet import Snippet, window
from jianbao_text.places import gazetteer

Parts = list[tuple[str, bool]]

BEIJING = timezone(timedelta(hours=8))
SCRIPTS = {"simplified": "简体", "traditional": "繁体", "mixed": "简繁混排"}
KINDS = {"bulletin": "简报", "newspaper": "报纸版面", "web_page": "网页"}
RELATIONS = {
    "exact": "内容相同",
    "near": "内容相近",
    "correction": "更正",
    "contains": "收录了本文",
    "contained_in": "被收录",
}
LABELS = {
    "region": "地区",
    "office": "报送单位",
    "series": "刊名",
    "issue": "期号",
    "year": "年份",
    "from": "起始日期",
    "to": "截止日期",
    "kind": "类型",
    "script": "字体",
    "topic": "主题",
}
LISTED_OTHERS = 5
"""Copies of a hit that the page names; how many there are it says anyway."""

SENTENCE_ENDS = ("。", "！", "？", "”", "）")
FACETS = ("region", "year", "series", "office")


def parts(text: str, marks: Sequence[tuple[int, int]]) -> Parts:
    """Return a text cut at its marks, with whether each part is marked."""
    found: Parts = []
    position = 0
    for start, end in marks:
        if start > position:
            found.append((text[position:start], False))
        found.append((text[start:end], True))
        position = end
    if position < len(text):
        found.append((text[position:], False))
    return found


def of_snippet(snippet: Snippet) -> Parts:
    """Return a snippet as printed, cut at its marks."""
    return parts(snippet.original, snippet.marks)


def address(parameters: Mapping[str, str], **changed: str | None) -> str:
    """Return the address of a search with some parameters changed; None takes one away. Any change leads to page one."""
    kept = {**parameters, "cursor": None, **changed}
    pairs = [(name, value) for name, value in kept.items() if value]
    return f"/?{urlencode(pairs)}" if pairs else "/"


def bulletin_address(bulletin_id: str, q: str = "", position: int | None = None) -> str:
    """Return the address of a bulletin's page; `q` is marked there."""
    query = f"?{urlencode({'q': q})}" if q else ""
    return f"/bulletins/{quote(bulletin_id)}{query}{f'#a{position}' if position else ''}"


def hit(shown: Shown, q: str, offices: OfficeNames) -> dict[str, object]:
    """Return one hit."""
    card = shown.card
    position = int(card.article_id.rpartition("/")[2]) if card.article_id else None
    return {
        "url": bulletin_address(card.bulletin_id, q, position),
        "title": of_snippet(shown.title),
        "snippet": of_snippet(shown.snippet),
        "goes_on": not shown.snippet.text.rstrip().endswith(SENTENCE_ENDS),
        "series": card.series,
        "issue": card.issue,
        "published_on": card.published_on,
        "office": offices.name_of(card.office) or card.office,
        "source": card.source,
        "script": card.script,
        "script_name": SCRIPTS[card.script],
        "regions": [region.name for region in lowest_regions(card.regions)][:6],
        "copies": shown.cluster.size - 1,
        "others": [other(one, offices) for one in shown.cluster.others[:LISTED_OTHERS]],
    }


def other(one: Other, offices: OfficeNames) -> dict[str, str]:
    """Return another member of a cluster."""
    relation = RELATIONS.get(one.relation, one.relation)
    return {
        "url": bulletin_address(one.bulletin_id),
        "office": offices.name_of(one.office) or one.office,
        "relation": relation,
    }


def facets(answer: Answer, parameters: Mapping[str, str], offices: OfficeNames) -> list[dict[str, object]]:
    """Return the facets as links. Of regions only those right below the chosen one, else provinces."""
    told = facet_answers(answer.facets, offices)
    above = set(region_codes(parameters["region"])) if parameters.get("region") else {None}
    groups: list[dict[str, object]] = []
    for name in FACETS:
        values = [one for one in told.get(name, ()) if name != "region" or (one.level and one.parent in above)]
        if name != "region" and parameters.get(name):
            values = []
        links = [
            {
                "name": _facet_name(name, one.value, one.name),
                "count": one.count,
                "url": address(parameters, **{name: one.value}),
            }
            for one in values[:15]
        ]
        if links:
            groups.append({"title": LABELS[name], "values": links})
    return groups


def _facet_name(facet: str, value: str, name: str) -> str:
    region = gazetteer().region(value) if facet == "region" else None
    return region.name if region else name


def chosen(parameters: Mapping[str, str], offices: OfficeNames) -> list[tuple[str, str]]:
    """Return the filters that are on, each with the address without it."""
    found = []
    for name in NAMES:
        value = parameters.get(name, "").strip()
        if value:
            words = {"kind": KINDS, "script": SCRIPTS}.get(name, {}).get(value, value)
            if name == "region" and value.isdigit():
                words = gazetteer().path_name(value)
            if name == "office":
                words = offices.name_of(value.lower()) or value
            found.append((f"{LABELS[name]}：{words}", address(parameters, **{name: None})))
    return found


def facts(bulletin: BulletinFacts) -> list[tuple[str, str]]:
    """Return what is known of a bulletin as a whole."""
    issue = bulletin.issue
    numbers = [f"{issue.year}年" if issue.year else "", f"第{issue.number}期" if issue.number else ""]
    numbers.append(f"（总第{issue.cumulative}期）" if issue.cumulative else "")
    region = gazetteer().path_name(bulletin.adcode) if bulletin.adcode else ""
    found = [
        ("刊名", bulletin.series or ""),
        ("期号", "".join(numbers)),
        ("日期", bulletin.published_on or ""),
        ("类型", KINDS[bulletin.kind]),
        ("编印单位", "、".join(bulletin.issuers)),
        ("地区", region),
        ("报", "；".join(bulletin.report_to)),
        ("送", "；".join(bulletin.send_to)),
        ("编号", bulletin.serial or ""),
        ("印数", f"{bulletin.copies} 份" if bulletin.copies else ""),
        ("编辑", "、".join(bulletin.editors)),
        ("电话", "、".join(bulletin.phones)),
        ("邮箱", "、".join(bulletin.emails)),
    ]
    return [(label, value) for label, value in found if value]


def article(one: Article) -> dict[str, object]:
    """Return one article with its facts."""
    quantities = [f"{number.object or ''}{number.text}" for number in one.quantities]
    regions = dict.fromkeys(gazetteer().path_name(region.adcode) for region in one.regions)
    found = [
        ("引题", one.kicker or ""),
        ("副题", one.subtitle or ""),
        ("栏目", one.section or ""),
        ("作者", "、".join(one.authors)),
        ("供稿", one.attribution or ""),
        ("地区", "、".join(regions)),
        ("存疑地名", "、".join(one.unresolved_regions)),
        ("要点", "；".join(one.outline)),
        ("人物", _names(one.persons)),
        ("单位", _names(one.organizations)),
        ("文件与作品", _names(one.works)),
        ("专名", _names(one.quoted_names)),
        ("数据", "、".join(quantities)),
        ("时间", _names(one.dates)),
    ]
    return {
        "position": one.position,
        "title": one.title,
        "facts": [(label, value) for label, value in found if value],
    }


def _names(mentions: Sequence[object]) -> str:
    return "、".join(dict.fromkeys(str(getattr(mention, "text", "")) for mention in mentions))


def rows(event: ExtractedBulletin, finder: Finder) -> list[tuple[Parts, Parts]]:
    """Return the text paragraph by paragraph, as printed and cleaned, with marks in both."""
    runs = sorted(event.alignment)
    found = []
    start = 0
    for line in event.text.split("\n"):
        for passage in passages(event.text, event.original, runs, [(start, start + len(line))]):
            marks = finder.marks(passage.text)
            printed = window(passage, 0, marks, len(passage.text))
            found.append((of_snippet(printed), parts(passage.text, [(mark.start, mark.end) for mark in marks])))
        start += len(line) + 1
    return found


def beijing(moment: str) -> str:
    """Return a point in time as people in Beijing read it."""
    return datetime.fromisoformat(moment).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M（北京时间）")
