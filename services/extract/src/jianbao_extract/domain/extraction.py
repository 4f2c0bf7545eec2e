"""The whole way of one text: lines, masthead, contents list, foot, articles, facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jianbao_contracts import Article, BulletinFacts, NormalizedBulletin
from jianbao_extract.domain.articles import Setting, read_article
from jianbao_extract.domain.bulletins import bulletin_facts, read_facts
from jianbao_extract.domain.contents import read_contents
from jianbao_extract.domain.foot import read_foot
from jianbao_extract.domain.forms import forms_of
from jianbao_extract.domain.kinds import kind_of
from jianbao_extract.domain.lines import split_lines
from jianbao_extract.domain.masthead import read_masthead
from jianbao_extract.domain.photos import caption_text
from jianbao_extract.domain.segmentation import Segmenter


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a text holds."""

    bulletin: BulletinFacts
    articles: list[Article]
    captions: list[str]
    advertisements: list[str]


def extract(normalized: NormalizedBulletin) -> Extraction:
    """Return the bulletin's facts and articles. Any text gives a result; an empty one gives an empty one."""
    lines = split_lines(normalized.text)
    forms = forms_of([line.text for line in lines])
    masthead = read_masthead(lines, forms)
    kind = kind_of(lines, forms, masthead)
    foot = read_foot(lines, forms, masthead.end)
    contents = read_contents(lines[: foot.begin], forms[: foot.begin], masthead.end)
    page = Segmenter(lines, forms, contents, newspaper=kind[0] == "newspaper").take_apart(masthead.end, foot.begin)
    facts = read_facts(masthead, foot, page, contents, kind, lines)
    declared = normalized.declared
    setting = Setting(
        bulletin_id=normalized.bulletin_id,
        text=normalized.text,
        published_on=facts.published_on.value if facts.published_on else declared.published_on,
        year=masthead.year.value if masthead.year else None,
        adcode=facts.adcode.value if facts.adcode else declared.region,
        declared_title=declared.title,
        document_number=masthead.document_number,
    )
    return Extraction(
        bulletin=bulletin_facts(facts, _script(normalized), normalized.copies_of_body),
        articles=[read_article(draft, position, setting) for position, draft in enumerate(page.drafts, start=1)],
        captions=[caption_text(line) for line in page.captions],
        advertisements=[" ".join(line.text for line in block) for block in page.advertisements],
    )


def _script(normalized: NormalizedBulletin) -> Literal["simplified", "traditional"]:
    """Return the script of most of the body: a bulletin's script knows two values only."""
    if normalized.script != "mixed":
        return normalized.script
    weight = {"simplified": 0, "traditional": 0}
    for paragraph, script in zip(normalized.text.split("\n"), normalized.paragraph_scripts, strict=False):
        if script in weight and script is not None:
            weight[script] += len(paragraph)
    return "traditional" if weight["traditional"] > weight["simplified"] else "simplified"
