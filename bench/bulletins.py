"""Made bulletins of two to three kilobytes: seeded, realistic, different from each other, and of the same mix all along.

The mix must not change with the number made, or the cost of a thousand would say nothing: copies and revisions are
therefore made of what is recent.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import opencc

from bench import phrases

OFFICES = tuple(f"bench-{number}" for number in range(1, 9))
RECENT = 300
"""Copies and revisions are made of the last so many bulletins."""

COPIES, REPRINTS, REVISIONS, TRADITIONAL = 0.06, 0.01, 0.05, 0.08
"""Shares: near copies by another office, unchanged reprints by another, next revisions, and Traditional script."""

LETTERS = (520, 760)
"""Length of a body; three bytes a letter, and head and foot around it, make two to three kilobytes."""


@dataclass(frozen=True, slots=True)
class Made:
    """A bulletin to push: its office, the office's own id of it, and its lines."""

    office: str
    document_id: str
    lines: tuple[str, ...]
    traditional: bool = False

    @property
    def text(self) -> str:
        """What is pushed."""
        text = "\n".join(self.lines) + "\n"
        return _to_traditional(text) if self.traditional else text


class Bulletins:
    """An endless supply; the same seed gives the same bulletins."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._recent: deque[Made] = deque(maxlen=RECENT)
        self._number = 0

    def __iter__(self) -> Iterator[Made]:
        while True:
            self._number += 1
            made = self._next(self._rng.random())
            self._recent.append(made)
            yield made

    def _next(self, chance: float) -> Made:
        other = self._rng.choice(self._recent) if self._recent else None
        if other is None or chance >= COPIES + REPRINTS + REVISIONS:
            return self._new()
        if chance < COPIES + REPRINTS:
            office = self._rng.choice([office for office in OFFICES if office != other.office])
            copy = replace(other, office=office, document_id=f"{self._number}.txt")
            return copy if chance >= COPIES else self._edited(copy)
        return self._edited(other)

    def _new(self) -> Made:
        rng = self._rng
        region, year = rng.choice(phrases.REGIONS), rng.randint(2015, 2024)
        head = (
            f"{region}{rng.choice(phrases.SERIES)}",
            f"第{rng.randint(1, 120)}期（总第{rng.randint(1, 2000)}期）",
            f"{region}文明办　　{year}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
            f"{region}{rng.choice(phrases.WHO)}{rng.choice(phrases.DID)} {self._clause(rng.choice(phrases.RESULT))}",
        )
        foot = (f"（{region}文明办供稿）", f"报：省文明办　发：各镇、街道　共印{rng.randint(20, 400)}份")
        office = rng.choice(OFFICES)
        lines = (*head, *self._body(region, year), *foot)
        return Made(office, f"{self._number}.txt", lines, rng.random() < TRADITIONAL)

    def _body(self, region: str, year: int) -> list[str]:
        length, lines = self._rng.randint(*LETTERS), [f"{year}年以来，{region}{self._sentence()}"]
        for ordinal, heading in zip("一二三四五六", self._rng.sample(phrases.HEADINGS, 6), strict=True):
            if sum(map(len, lines)) >= length:
                break
            sentences = "".join(self._sentence() for _ in range(self._rng.randint(2, 4)))
            lines.append(f"{ordinal}、{heading}。{sentences}")
        return lines

    def _sentence(self) -> str:
        rng = self._rng
        pieces = (rng.choice(phrases.LINK), rng.choice(phrases.WHO) + rng.choice(phrases.DID))
        whats = "、".join(self._clause(what) for what in rng.sample(phrases.WHAT, rng.randint(1, 3)))
        told = f"，居民{self._person()}说，{rng.choice(phrases.DID)}很有必要" if rng.random() < 0.15 else ""
        return f"{'，'.join(pieces)}，涉及{whats}，{self._clause(rng.choice(phrases.RESULT))}{told}。"

    def _clause(self, template: str) -> str:
        rng = self._rng
        count = rng.choice((rng.randint(3, 99), rng.randint(100, 9999)))
        low = rng.randint(10, 89)
        return template.format(
            n=count, p=f"{low}.{rng.randint(1, 9)}", q=rng.randint(low + 1, 99), y=rng.randint(2015, 2024)
        )

    def _person(self) -> str:
        return self._rng.choice(phrases.SURNAMES) + "".join(self._rng.sample(phrases.GIVEN, 2))

    def _edited(self, made: Made) -> Made:
        """A sentence more at the end of the body: a near copy, or the next revision."""
        *body, source, foot = made.lines
        return replace(made, lines=(*body, self._sentence(), source, foot))


_CONVERTER = opencc.OpenCC("s2t")


def _to_traditional(text: str) -> str:
    converted: str = _CONVERTER.convert(text)
    return converted
