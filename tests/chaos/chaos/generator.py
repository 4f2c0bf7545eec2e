"""From a seed to the acts of all offices: the same seed and number give the same acts, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from chaos import contents
from chaos.acts import Act, Lane, Manner, Push, Spoiled
from chaos.contents import Content

OFFICES = ("chaos-a", "chaos-b", "chaos-c", "chaos-d")
STRICT = "chaos-strict"
"""An office that wants no duplicates."""

WORKERS = 4

KILLING_EVERY = 600
"""Pushes between two that kill: each costs six lives of a process, with ever longer pauses between them."""

LARGE_EVERY = 250
LARGE_SIZES = (400_000, contents.LARGEST_INLINE, contents.LARGEST_INLINE + 1, 1_048_577, 1_300_000)
"""Bytes: derived events above a megabyte, both sides of the claim check of raw events, and well above it."""

ENDLESS_EVERY = 1500

SPOILED = (
    b'{"document_id": "spoiled", "content_base64": "!!!"}',
    b'{"document_id": "spoiled"}',
    b"{not json",
    b'{"document_id": "spoiled", "content": "a", "lane": "fast"}',
    b"[1]",
)


@dataclass
class Document:
    """A document that exists, with what was pushed under it so far."""

    office: str
    name: str
    pushed: list[Push] = field(default_factory=list)

    def contents(self) -> list[Content]:
        """Contents pushed so far that can be read."""
        return [push.content for push in self.pushed if push.content and not push.content.refused]


class Worker:
    """One office clerk after another at one desk: draws acts on documents that no other worker touches."""

    def __init__(self, number: int, draw: random.Random) -> None:
        self._number = number
        self._draw = draw
        self._documents: list[Document] = []
        self._names = 0

    def act(self) -> list[Act]:
        """Return the next act, or some that must follow one another."""
        if not self._documents:
            return self._new()
        kinds: list[tuple[Callable[[], list[Act]], float]] = [
            (self._new, 24),
            (self._changed, 15),
            (self._resent, 8),
            (self._late, 8),
            (self._overtaken, 3),
            (self._reverted, 7),
            (self._retracted, 7),
            (self._retracted_in_vain, 2),
            (self._poison, 7),
            (self._contested, 3),
            (self._resent_at_once, 2),
            (self._copies_at_once, 5),
            (self._rejected, 1),
            (self._batch, 3),
        ]
        chosen = self._draw.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
        return chosen()

    def large(self) -> list[Act]:
        """Return a push of more than a record holds."""
        size = self._draw.choice(LARGE_SIZES)
        return [self._alone(self._push("large", self._document(), contents.large(self._draw, size)))]

    def endless(self) -> list[Act]:
        """Return a push of more text than is read."""
        return [self._alone(self._push("poison", self._document(), contents.endless(self._draw)))]

    def killing(self, stage: contents.Stage) -> list[Act]:
        """Return a push that kills a stage, among neighbours that must pass."""
        deadly = self._push("killing", self._document(), contents.deadly(self._draw, stage))
        neighbours = [self._push("new", self._document(), contents.readable(self._draw)) for _ in range(2)]
        return [self._alone(neighbours[0]), self._alone(deadly), self._alone(neighbours[1])]

    def _new(self) -> list[Act]:
        lane: Lane = "backfill" if self._draw.random() < 0.1 else "live"
        document = self._document(keep=True)
        return [self._alone(self._push("new", document, contents.readable(self._draw), lane=lane))]

    def _changed(self) -> list[Act]:
        return [self._alone(self._push("changed", self._known(), contents.readable(self._draw)))]

    def _resent(self) -> list[Act]:
        return [self._alone(self._draw.choice(self._known().pushed), kind="resent")]

    def _late(self) -> list[Act]:
        """A retry of an earlier content that is no longer known as the same push."""
        document = self._readable()
        return [self._alone(self._push("late", document, self._draw.choice(document.contents()), key=self._name()))]

    def _overtaken(self) -> list[Act]:
        """A change in the slow lane, and at once one in the fast lane, which may be decided before it."""
        document = self._document(keep=True)
        lanes: tuple[Lane, ...] = ("live", "backfill", "live") if self._draw.random() < 0.5 else ("backfill", "live")
        return [
            self._alone(self._push("overtaken", document, contents.readable(self._draw), lane=lane)) for lane in lanes
        ]

    def _reverted(self) -> list[Act]:
        document = self._readable()
        content = self._draw.choice(document.contents())
        return [self._alone(self._push("reverted", document, content, key=self._name(), revert=True))]

    def _retracted(self) -> list[Act]:
        document = self._known()
        times = self._draw.choice((1, 1, 2))
        return [self._alone(self._push("retracted", document, None, key=self._name())) for _ in range(times)]

    def _retracted_in_vain(self) -> list[Act]:
        push = self._push("retracted", self._document(), None, key=self._name())
        return [Act(self._number, "batch", (push,))]

    def _poison(self) -> list[Act]:
        document = self._known() if self._draw.random() < 0.5 else self._document()
        return [self._alone(self._push("poison", document, contents.poison(self._draw)))]

    def _contested(self) -> list[Act]:
        """Different contents for one document at one moment: the log's order decides."""
        document = self._document(keep=True)
        many = self._draw.randint(2, 4)
        return [self._together([self._push("contested", document, contents.readable(self._draw)) for _ in range(many)])]

    def _resent_at_once(self) -> list[Act]:
        push = self._push("new", self._document(keep=True), contents.readable(self._draw))
        return [self._together([push] * self._draw.randint(2, 3))]

    def _copies_at_once(self) -> list[Act]:
        """The same text, or edited ones, of several offices at one moment; sometimes one of them is taken back."""
        first, name = contents.plain(self._draw), self._name()
        many, exact = self._draw.randint(2, len(OFFICES)), self._draw.random() < 0.5
        texts = [first, *(first if exact else contents.near_copy(self._draw, first) for _ in range(many - 1))]
        documents = [Document(office, name) for office in self._draw.sample(OFFICES, many)]
        acts = [
            self._together(
                [self._push("copy", document, text) for document, text in zip(documents, texts, strict=True)]
            )
        ]
        if self._draw.random() < 0.4:
            acts.append(self._alone(self._push("retracted", documents[0], None, key=self._name())))
            if self._draw.random() < 0.4:
                acts.append(self._alone(self._push("reverted", documents[0], texts[0], key=self._name(), revert=True)))
        return acts

    def _rejected(self) -> list[Act]:
        """A bulletin, and a copy of it by the office that wants no copies."""
        first = contents.plain(self._draw)
        copy = contents.near_copy(self._draw, first, refused="duplicate_rejected")
        return [
            self._alone(self._push("new", self._document(), first)),
            self._alone(self._push("rejected", Document(STRICT, self._name()), copy)),
        ]

    def _batch(self) -> list[Act]:
        office = self._draw.choice(OFFICES)
        items: list[Push | Spoiled] = []
        for _ in range(self._draw.randint(3, 12)):
            if self._draw.random() < 0.15:
                items.append(Spoiled(self._draw.choice(SPOILED)))
                continue
            document = Document(office, self._name())
            items.append(self._push("batch", document, contents.readable(self._draw)))
            if self._draw.random() < 0.2:
                items.append(self._push("retracted", document, None, key=self._name()))
        if not any(isinstance(item, Push) for item in items):
            items.append(self._push("batch", Document(office, self._name()), contents.readable(self._draw)))
        return [Act(self._number, "batch", tuple(items))]

    def _push(
        self,
        kind: str,
        document: Document,
        content: Content | None,
        *,
        key: str | None = None,
        revert: bool = False,
        lane: Lane = "live",
    ) -> Push:
        chance = self._draw.random()
        if content is not None and key is None and chance < 0.2:
            key = self._name()
        declared = (("title", "申报的标题"), ("published_on", "2022-05-07")) if 0.2 <= chance < 0.3 else ()
        push = Push(
            kind=kind,
            office=document.office,
            document=document.name,
            content=content,
            key=key,
            revert=revert,
            lane=lane,
            form=content is not None and chance > 0.9,
            declared=declared if content is not None else (),
        )
        document.pushed.append(push)
        return push

    def _alone(self, push: Push, kind: str = "") -> Act:
        return Act(self._number, "alone", (push,)) if not kind else self._again(push, kind)

    def _again(self, push: Push, kind: str) -> Act:
        """The same push once more: only its kind, which is told to nobody, differs."""
        again = Push(**{**vars(push), "kind": kind})
        manner: Manner = "batch" if push.content and push.content.charset and self._draw.random() < 0.3 else "alone"
        return Act(self._number, manner, (again,))

    def _together(self, pushes: list[Push]) -> Act:
        return Act(self._number, "together", tuple(pushes))

    def _document(self, *, keep: bool = False) -> Document:
        document = Document(self._draw.choice(OFFICES), self._name())
        if keep:
            self._documents.append(document)
        return document

    def _known(self) -> Document:
        """A document of before, more often one of the last."""
        recent = self._documents[-8:] if self._draw.random() < 0.5 else self._documents
        return self._draw.choice(recent)

    def _readable(self) -> Document:
        document = self._known()
        return document if document.contents() else next(d for d in self._documents if d.contents())

    def _name(self) -> str:
        self._names += 1
        return f"{self._number}-{self._names}"


def acts(seed: int, pushes: int) -> list[Act]:
    """Return acts with at least so many pushes, in the order in which they are begun."""
    workers = [Worker(number, random.Random(f"{seed}/{number}")) for number in range(WORKERS)]
    found: list[Act] = []
    done = 0
    for act in _endless(seed, workers, pushes):
        found.append(act)
        done += len(act.pushes)
        if done >= pushes:
            return found
    return found


def singles(seed: int) -> Iterator[Act]:
    """Yield new bulletins without end, one an act."""
    draw = random.Random(f"{seed}/singles")
    for number in count():
        push = Push("new", draw.choice(OFFICES), f"single-{number}", contents.readable(draw))
        yield Act(number % WORKERS, "alone", (push,))


def _endless(seed: int, workers: list[Worker], pushes: int) -> Iterator[Act]:
    """The special ones are spread evenly, and each kind comes at least once."""
    draw = random.Random(f"{seed}/special")
    stages: tuple[contents.Stage, ...] = ("normalize", "extract")
    killing = max(1, pushes // KILLING_EVERY)
    special: list[tuple[float, Callable[[Worker], list[Act]]]] = [
        (pushes * (turn + 0.3) / killing, partial(Worker.killing, stage=stages[turn % 2])) for turn in range(killing)
    ]
    large = max(2, pushes // LARGE_EVERY)
    special += [(pushes * (turn + 0.1) / large, Worker.large) for turn in range(large)]
    special += [(ENDLESS_EVERY * (turn + 0.5), Worker.endless) for turn in range(pushes // ENDLESS_EVERY)]
    special.sort(key=lambda pair: pair[0])
    done, turn = 0, 0
    while True:
        worker = workers[turn % len(workers)]
        turn += 1
        is_due = special and done >= special[0][0]
        drawn = special.pop(0)[1](draw.choice(workers)) if is_due else worker.act()
        for act in drawn:
            done += len(act.pushes)
            yield act
