"""The oracle can fail: made observations that are right pass, and each wrong one is told for what it is.

The observations are written by hand, fate by fate, so that the oracle's model of contracts is checked here, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chaos.acts import Push
from chaos.contents import Content
from chaos.observed import Acknowledged, Derived, Find, Hit, Letter, Observed, RawPush, Receipt, Shown
from chaos.script import traditional
from chaos.verdict import verify
from chaos.violations import Kind

START = datetime(2026, 11, 22, tzinfo=UTC)


def text(marker: str, **refused: Any) -> Content:
    return Content(f"正文，{marker}，正文。".encode(), "text/plain", "utf-8", marker=marker, **refused)


ONE, TWO, LATE, SLOW, FAST = text("国门"), text("车马"), text("鱼鸟"), text("龙凤"), text("东贝")
POISON = Content(b"\x89PNG", "text/plain", refused="not_text")
DEADLY = Content("致命".encode(), "text/plain", refused="kills_process", refused_by="extract")
COPY = text("亲亿")
OTHER_COPY = Content("抬头。正文，亲亿，正文。".encode(), "text/plain", "utf-8", marker="亲亿")


class Book:
    """Writes down an observation push by push, with the fate that the test gives it."""

    def __init__(self) -> None:
        self.acknowledged: list[Acknowledged] = []
        self.raw: list[RawPush] = []
        self.normalized: list[Derived] = []
        self.extracted: list[Derived] = []
        self.letters: list[Letter] = []
        self.listed: dict[str, list[Receipt]] = {"a": [], "b": []}
        self.revisions: dict[tuple[str, int], Shown] = {}

    def push(
        self, push: Push, push_id: str, state: str, code: str = "", revision: int | None = None, **more: Any
    ) -> None:
        bulletin_id = f"{push.office}.{push.document}"
        self.acknowledged.append(Acknowledged(push, push_id, bulletin_id))
        if any(raw.push_id == push_id for raw in self.raw):
            return
        number = len(self.raw)
        seconds = more.get("received", number)
        self.raw.append(
            RawPush(
                lane=push.lane,
                offset=number,
                event_id=f"ce-{number}",
                push_id=push_id,
                bulletin_id=bulletin_id,
                office=push.office,
                operation=push.operation,
                sha256=(push.content or Content(b"")).sha256,
                received_at=START + timedelta(seconds=seconds),
                revert=push.revert,
            )
        )
        refers_to = more.get("refers_to", "")
        self.listed[push.office].append(Receipt(push_id, bulletin_id, state, True, code, revision, refers_to))
        if state == "dead_lettered":
            self.letters.append(Letter(push.content.refused_by if push.content else "", push_id, code, True))
        if revision is None or state == "rejected":
            return
        cluster = more.get("cluster", bulletin_id)
        event = Derived(number, f"{bulletin_id}/{revision}/1", push_id, bulletin_id, revision, cluster)
        event = replace(event, duplicate_of="" if cluster == bulletin_id else cluster)
        if code != "not_text":
            self.normalized.append(event)
        if state != "dead_lettered":
            self.extracted.append(event)
            seen = push.content.data.decode() if push.content else ""
            gone = more.get("gone", False)
            self.revisions[bulletin_id, revision] = Shown(410) if gone else Shown(200, revision, push_id, seen)


def right() -> Observed:
    """An observation in which everything is as contracts demand."""
    book = Book()
    first = Push("new", "a", "d", ONE)
    book.push(first, "p1", "superseded", "superseded", 1, refers_to="p2", gone=True)
    book.push(Push("changed", "a", "d", TWO), "p2", "withdrawn", "withdrawn", 2, refers_to="p5", gone=True)
    book.push(first, "p1", "superseded")  # sent again: the same push, no second receipt
    book.push(Push("late", "a", "d", ONE, key="k"), "p3", "repeated", "repeated_content", refers_to="p1")
    book.push(Push("poison", "a", "d", POISON), "p4", "dead_lettered", "not_text", 3)
    book.push(Push("retracted", "a", "d", key="x"), "p5", "withdrawn", "withdrawn", 4)
    book.push(Push("retracted", "a", "d", key="y"), "p6", "repeated", "already_withdrawn", refers_to="p5")
    book.push(Push("reverted", "a", "d", ONE, key="z", revert=True), "p7", "searchable", "searchable", 5)
    book.push(Push("killing", "b", "k", DEADLY), "p8", "dead_lettered", "kills_process", 1)
    book.push(Push("retracted", "b", "none", key="n"), "p9", "repeated", "nothing_to_withdraw")
    book.push(Push("copy", "a", "c", COPY), "p10", "searchable", "searchable", 1)
    book.push(Push("copy", "b", "c", OTHER_COPY), "p11", "searchable", "searchable", 1, cluster="a.c")
    book.push(Push("overtaken", "a", "o", FAST), "p12", "searchable", "searchable", 1, received=101)
    slow = Push("overtaken", "a", "o", SLOW, lane="backfill")
    book.push(slow, "p13", "superseded", "arrived_late", refers_to="p12", received=100)
    found = {"国门": ("a.d", 5), "亲亿": ("a.c", 1), "东贝": ("a.o", 1)}
    finds = []
    for marker in ("国门", "车马", "亲亿", "龙凤", "东贝"):
        for phrase in (marker, traditional(marker)):
            others = ("b.c",) if marker == "亲亿" else ()
            hits = (Hit(*found[marker], others),) if marker in found else ()
            finds.append(Find(marker, phrase, len(hits), hits))
    gone = {(one, number): Shown(404) for one, number in (("a.d", 3), ("b.k", 1))}
    return Observed(
        acknowledged=book.acknowledged,
        unanswered=[],
        odd=[],
        waiting={"normalize": 0},
        raw=book.raw,
        normalized=book.normalized,
        extracted=book.extracted,
        letters=book.letters,
        listed=book.listed,
        asked={"p1": book.listed["a"][0]},
        finds=finds,
        shown={
            "a.d": Shown(200, 5, "p7"),
            "b.k": Shown(404),
            "b.none": Shown(404),
            "a.c": Shown(200, 1, "p10"),
            "b.c": Shown(200, 1, "p11"),
            "a.o": Shown(200, 1, "p12"),
        },
        revisions={**book.revisions, **gone},
    )


def test_what_contracts_demand_is_no_violation() -> None:
    assert verify(right()) == []


def without(listed: Any, push_id: str) -> dict[str, list[Receipt]]:
    return {office: [one for one in page if one.push_id != push_id] for office, page in listed.items()}


def told(seen: Observed, push_id: str, **changed: Any) -> Observed:
    """The observation with one receipt changed, in the list and alone."""
    pages = {
        office: [replace(one, **changed) if one.push_id == push_id else one for one in page]
        for office, page in seen.listed.items()
    }
    return replace(seen, listed=pages, asked={})


def find(seen: Observed, marker: str, *hits: Hit) -> Observed:
    finds = [replace(one, total=len(hits), hits=hits) if one.marker == marker else one for one in seen.finds]
    return replace(seen, finds=finds)


TAMPERED: dict[str, tuple[Kind, Callable[[Observed], Observed]]] = {
    "a receipt is missing": ("lost", lambda seen: replace(seen, listed=without(seen.listed, "p6"), asked={})),
    "a push is in no raw topic": ("lost", lambda seen: replace(seen, raw=seen.raw[:-3] + seen.raw[-2:])),
    "a normalized record is missing": ("lost", lambda seen: replace(seen, normalized=seen.normalized[1:])),
    "an extracted record is missing": ("lost", lambda seen: replace(seen, extracted=seen.extracted[1:])),
    "a dead letter is missing": ("lost", lambda seen: replace(seen, letters=seen.letters[1:])),
    "a living bulletin is not found": ("lost", lambda seen: find(seen, "东贝")),
    "a copy is not listed under the other": ("lost", lambda seen: find(seen, "亲亿", Hit("a.c", 1))),
    "two pushes share an id": (
        "lost",
        lambda seen: replace(
            seen, acknowledged=[*seen.acknowledged, Acknowledged(Push("new", "a", "d", LATE), "p1", "a.d")]
        ),
    ),
    "a revision cannot be read": (
        "lost",
        lambda seen: replace(seen, revisions={**seen.revisions, ("a.d", 5): Shown(404)}),
    ),
    "a receipt is of a push that nobody made": (
        "invented",
        lambda seen: replace(
            seen, listed={**seen.listed, "b": [*seen.listed["b"], Receipt("ghost", "b.g", "searchable", True)]}
        ),
    ),
    "a raw record is of a push that nobody made": (
        "invented",
        lambda seen: replace(seen, raw=[*seen.raw, replace(seen.raw[0], push_id="ghost", event_id="ce-g", offset=99)]),
    ),
    "a text that was withdrawn can be read": (
        "invented",
        lambda seen: replace(seen, revisions={**seen.revisions, ("a.d", 1): Shown(200, 1, "p1", "正文，国门，正文。")}),
    ),
    "a ghost is found": ("invented", lambda seen: find(seen, "车马", Hit("a.d", 2))),
    "what was rejected was extracted": (
        "invented",
        lambda seen: replace(seen, extracted=[*seen.extracted, Derived(99, "b.k/1/1", "p8", "b.k", 1)]),
    ),
    "a dead letter is of a sound push": (
        "invented",
        lambda seen: replace(seen, letters=[*seen.letters, Letter("search", "p1", "internal_error", True)]),
    ),
    "a normalized record stands twice": (
        "twice",
        lambda seen: replace(seen, normalized=[*seen.normalized, replace(seen.normalized[0], offset=99)]),
    ),
    "an extracted record stands twice": (
        "twice",
        lambda seen: replace(seen, extracted=[*seen.extracted, replace(seen.extracted[-1], offset=99)]),
    ),
    "a receipt stands twice in the list": (
        "twice",
        lambda seen: replace(seen, listed={**seen.listed, "a": [*seen.listed["a"], seen.listed["a"][0]]}),
    ),
    "two copies are two hits": (
        "twice",
        lambda seen: find(seen, "亲亿", Hit("a.c", 1, ("b.c",)), Hit("b.c", 1, ("a.c",))),
    ),
    "the same push was accepted as two": (
        "twice",
        lambda seen: replace(
            seen,
            acknowledged=[*seen.acknowledged, replace(seen.acknowledged[0], push_id="p99")],
            raw=[*seen.raw, replace(seen.raw[0], push_id="p99", event_id="ce-99", offset=99)],
        ),
    ),
    "a receipt is not final": ("stuck", lambda seen: told(seen, "p7", state="normalized", final=False)),
    "records still wait": ("stuck", lambda seen: replace(seen, waiting={"search": 3})),
    "a push was never answered": ("stuck", lambda seen: replace(seen, unanswered=[Push("new", "a", "q", LATE)])),
    "a receipt has another state": ("wrong", lambda seen: told(seen, "p2", state="searchable", code="")),
    "a receipt has another code": ("wrong", lambda seen: told(seen, "p4", code="empty_text")),
    "a receipt has another revision": ("wrong", lambda seen: told(seen, "p7", revision=4)),
    "a receipt links another push": ("wrong", lambda seen: told(seen, "p3", refers_to="p2")),
    "an earlier revision is shown": ("wrong", lambda seen: find(seen, "国门", Hit("a.d", 1))),
    "a withdrawn bulletin is shown": (
        "wrong",
        lambda seen: replace(seen, shown={**seen.shown, "b.k": Shown(200, 1, "p8")}),
    ),
    "a revision has another text": (
        "wrong",
        lambda seen: replace(seen, revisions={**seen.revisions, ("a.d", 5): Shown(200, 5, "p7", "别的正文")}),
    ),
    "a dead letter has other bytes": (
        "wrong",
        lambda seen: replace(seen, letters=[replace(seen.letters[0], untouched=False), *seen.letters[1:]]),
    ),
    "a pair has two founders": (
        "wrong",
        lambda seen: replace(
            seen,
            normalized=[
                replace(one, cluster_id="b.c", duplicate_of="") if one.bulletin_id == "b.c" else one
                for one in seen.normalized
            ],
        ),
    ),
    "a pair has no founder": (
        "wrong",
        lambda seen: replace(
            seen,
            normalized=[
                replace(one, cluster_id="b.c", duplicate_of="b.c") if one.bulletin_id == "a.c" else one
                for one in seen.normalized
            ],
        ),
    ),
    "an answer was a server error": ("wrong", lambda seen: replace(seen, odd=["GET /v1/search: 500"])),
    "revisions stand in another order": (
        "order",
        lambda seen: replace(
            seen,
            normalized=[
                replace(seen.normalized[0], offset=seen.normalized[1].offset),
                replace(seen.normalized[1], offset=seen.normalized[0].offset),
                *seen.normalized[2:],
            ],
        ),
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_is_wrong_is_told_for_what_it_is(name: str) -> None:
    kind, tamper = TAMPERED[name]
    assert kind in {violation.kind for violation in verify(tamper(right()))}


def test_of_two_lanes_either_may_be_decided_first_but_the_receipts_must_fit_one_story() -> None:
    seen = right()
    slow, fast = ("p13", "p12")
    decided_first = told(told(seen, slow, revision=1, code="superseded"), fast, revision=2)
    events = {"p13": ("a.o/1/1", 1), "p12": ("a.o/2/1", 2)}

    def derived() -> list[Derived]:
        others = [one for one in seen.normalized if one.bulletin_id != "a.o"]
        mine = [Derived(50 + number, event, push, "a.o", number, "a.o") for push, (event, number) in events.items()]
        return others + mine

    revisions = {
        **seen.revisions,
        ("a.o", 1): Shown(200, 1, slow, SLOW.data.decode()),
        ("a.o", 2): Shown(200, 2, fast, FAST.data.decode()),
    }
    shown = {**seen.shown, "a.o": Shown(200, 2, fast)}
    told_so = find(replace(decided_first, revisions=revisions, shown=shown), "东贝", Hit("a.o", 2))
    extracted = [one for one in derived() if one.push_id != "p8"]
    assert verify(replace(told_so, normalized=derived(), extracted=extracted)) == []
    assert {one.kind for one in verify(told(seen, slow, state="searchable", code="", refers_to=""))} >= {"wrong"}
