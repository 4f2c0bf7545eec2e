"""Pairs of near copies as offices make them: one report, printed by two, each with its own head and foot and script.

What says something is drawn anew for every pair, so no two pairs are alike, however many there are.
"""

from __future__ import annotations

import random
import re

from chaos import words
from chaos.acts import Act, Push
from chaos.contents import Content
from chaos.generator import WORKERS
from chaos.script import traditional

OFFICES = ("chaos-a", "chaos-b")

SENTENCES = (
    "{m}月{d}日，{place}召开{w}{w}{w}工作会议，{w}{w}{w}要求把{w}{w}与{w}{w}结合，{w}{w}{w}先后参加。",
    "围绕{w}{w}{w}，{place}组织{w}{w}{w}活动{n}场次，{w}{w}和{w}{w}{w}共{n}余名，得到{w}{w}普遍称赞。",
    "截至目前，{w}{w}{w}{w}投入资金{n}万元，新增{w}{w}{n}个，{w}{w}{w}覆盖率达到{p}%。",
    "以{w}{w}{w}为{w}{w}，将{w}{w}{w}向{w}{w}{w}延伸，{w}{w}{w}{w}取得实效。",
    "{place}设立{w}{w}{w}{n}处，由{w}{w}{w}按照{w}{w}{w}进行{w}{w}，{w}{w}累计{n}次。",
    "{w}{w}{w}{w}，{w}{w}{w}{w}{w}，{w}{w}{w}把{w}{w}{w}作为{w}{w}{w}。",
    "下一步，{w}{w}{w}继续加大{w}{w}{w}力度，确保{w}{w}{w}{w}{w}{w}。",
    "{w}{w}说，{w}{w}{w}{w}以来，{w}{w}{w}的{w}{w}和{w}{w}{w}{w}得到{w}{w}。",
)
PLACES = ("如皋市", "邳州市", "建德市", "常山县", "丰顺县", "宜都市", "江夏区", "滨江区", "龙游县", "句容市")
SERIES = ("文明创建工作简报", "精神文明建设简报", "志愿服务工作简报", "城市文明工作动态")
ISSUERS = ("市文明办", "区文明办", "县文明办", "市创建办公室")

LEAST, MOST = 11, 17
"""Sentences of a report: 500 to 900 characters, as the shorter articles of real bulletins."""


def acts(seed: int, pairs: int) -> list[Act]:
    """Return the acts: each is one pair, pushed by two offices at one moment."""
    draw = random.Random(f"{seed}/pairs")
    return [Act(number % WORKERS, "together", _pair(draw, number)) for number in range(pairs)]


def _pair(draw: random.Random, number: int) -> tuple[Push, Push]:
    mark = words.marker(draw)
    title, sentences = words.phrase(draw, 5), [_sentence(draw) for _ in range(draw.randint(LEAST, MOST))]
    place = draw.randrange(len(sentences))
    sentences[place] = f"{sentences[place][:-1]}，{mark}。"
    left_out = draw.choice([other for other in range(len(sentences)) if other != place])
    shorter = [sentence for other, sentence in enumerate(sentences) if other != left_out]
    ends = {draw.randrange(len(sentences)) for _ in range(4)}
    texts = [_bulletin(draw, title, _body(sentences, ends)), _page(draw, title, _body(shorter, ends))]
    converted = draw.choice((None, 0, 1, 1))
    if converted is not None:
        texts[converted] = traditional(texts[converted])
    draw.shuffle(texts)
    first, second = (
        Push("copy", office, f"pair-{number}", Content(text.encode(), "text/plain", "utf-8", marker=mark))
        for office, text in zip(OFFICES, texts, strict=True)
    )
    return first, second


def _sentence(draw: random.Random) -> str:
    slots = {
        "w": lambda: draw.choice(words.WORDS),
        "n": lambda: str(draw.randint(3, 9999)),
        "m": lambda: str(draw.randint(1, 12)),
        "d": lambda: str(draw.randint(1, 28)),
        "p": lambda: f"{draw.randint(60, 99)}.{draw.randint(1, 9)}",
        "place": lambda: draw.choice(PLACES),
    }
    return re.sub(r"\{(\w+)\}", lambda match: slots[match[1]](), draw.choice(SENTENCES))


def _body(sentences: list[str], ends: set[int]) -> str:
    return "".join(sentence + "\n" * (number in ends) for number, sentence in enumerate(sentences)).strip()


def _bulletin(draw: random.Random, title: str, body: str) -> str:
    date = f"20{draw.randint(15, 24)}年{draw.randint(1, 12)}月{draw.randint(1, 28)}日"
    head = f"{draw.choice(SERIES)}\n第{draw.randint(1, 60)}期\n{draw.choice(ISSUERS)}编\n{date}\n"
    return f"{head}\n{title}\n{body}\n\n报：省文明办\n送：市委办公室\n（共印{draw.randint(50, 300)}份）\n"


def _page(draw: random.Random, title: str, body: str) -> str:
    date = f"20{draw.randint(15, 24)}-{draw.randint(10, 12)}-{draw.randint(10, 28)}"
    head = f"{title}\n发布时间：{date}  来源：{draw.choice(ISSUERS)}\n"
    return f"{head}{body}\n编辑：{words.phrase(draw, 1)}\n"
