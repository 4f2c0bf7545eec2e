"""Looking at everything once nothing moves any more: topics from the side, receipts and search over HTTP."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from chaos import observed as seen
from chaos.client import Client
from chaos.ledger import Ledger
from chaos.script import traditional
from chaos.topics import TopicRecord, Topics

T = TypeVar("T")
U = TypeVar("U")

RAW = {"live": "bulletins.raw", "backfill": "bulletins.raw.backfill"}
STAGES = ("normalize", "extract", "search", "receipts")
PAGE = 37
"""Receipts a page: few, and no divisor of anything, so that pages end anywhere."""

ASKED_ALONE = 200
"""Receipts that are asked for one by one, too."""

THREADS = 4


class Observer:
    """Sees what any outsider can see of a Jianbao."""

    def __init__(
        self, topics: Topics, new_client: Callable[[str], Client], ledger: Ledger, offices: Iterable[str]
    ) -> None:
        """`new_client` gives a connection to the process of a name."""
        self._topics = topics
        self._new_client = new_client
        self._ledger = ledger
        self._offices = list(offices)
        self._connections = threading.local()

    def settled(self, patience_s: float) -> float:
        """Wait until no record waits for any group; return the seconds it took. Gives up once nothing moved so long."""
        begun = changed = time.monotonic()
        before: Mapping[str, int] = {}
        while sum((waiting := self._topics.waiting()).values()):
            if waiting != before:
                before, changed = waiting, time.monotonic()
            if time.monotonic() - changed > patience_s:
                break
            time.sleep(0.2)
        return time.monotonic() - begun

    def receipt(self, office: str, push_id: str) -> seen.Receipt:
        """Return what an office is told of one push."""
        return _receipt({"push_id": push_id, **self._json("ingest-api", f"/v1/receipts/{push_id}", office)})

    def observe(self) -> seen.Observed:
        """Return everything that can be seen now."""
        raw = [push for lane, topic in RAW.items() for push in self._raw(lane, topic)]
        normalized = [_derived(record) for record in self._topics.records("bulletins.normalized")]
        contents = {one.push.content for one in self._ledger.acknowledged if one.push.content}
        markers = sorted({content.marker for content in contents if content.marker})
        listed = {office: list(self._listed(office)) for office in self._offices}
        every = [(office, receipt.push_id) for office, page in listed.items() for receipt in page]
        some = random.Random(0).sample(every, min(ASKED_ALONE, len(every)))
        bulletins = sorted({push.bulletin_id for push in raw})
        revisions = sorted(_revisions(listed))
        return seen.Observed(
            acknowledged=list(self._ledger.acknowledged),
            unanswered=list(self._ledger.unanswered),
            waiting=self._topics.waiting(),
            raw=raw,
            normalized=normalized,
            extracted=[_derived(record) for record in self._topics.records("bulletins.extracted")],
            letters=[letter for stage in STAGES for letter in self._letters(stage)],
            listed=listed,
            asked={one.push_id: one for one in self._each(lambda pair: self.receipt(*pair), some)},
            finds=self._each(lambda pair: self._find(*pair), [(m, p) for m in markers for p in (m, traditional(m))]),
            shown=dict(
                zip(bulletins, self._each(lambda one: self._shown(f"/v1/bulletins/{one}"), bulletins), strict=True)
            ),
            revisions=dict(zip(revisions, self._each(lambda pair: self._revision(*pair), revisions), strict=True)),
            odd=list(self._ledger.odd),
        )

    def _raw(self, lane: str, topic: str) -> Iterator[seen.RawPush]:
        for record in self._topics.records(topic):
            event = json.loads(record.value)
            yield seen.RawPush(
                lane=lane,
                offset=record.offset,
                event_id=record.header("ce_id"),
                push_id=event["push_id"],
                bulletin_id=event["bulletin_id"],
                office=event["office"],
                operation=event["operation"],
                sha256=event["sha256"],
                received_at=datetime.fromisoformat(event["received_at"]),
                revert=event["revert"],
                declared=json.dumps(event["declared"], sort_keys=True),
            )

    def _letters(self, stage: str) -> Iterator[seen.Letter]:
        letters = list(self._topics.records(f"bulletins.{stage}.dlq"))
        origins: dict[str, dict[int, bytes]] = {}
        for topic in {letter.header("dlq-origin-topic") for letter in letters}:
            wanted = {int(letter.header("dlq-origin-offset")) for letter in letters}
            origins[topic] = {r.offset: r.value for r in self._topics.records(topic) if r.offset in wanted}
        for letter in letters:
            origin = origins[letter.header("dlq-origin-topic")].get(int(letter.header("dlq-origin-offset")))
            yield seen.Letter(stage, letter.header("ce_pushid"), letter.header("dlq-code"), origin == letter.value)

    def _listed(self, office: str) -> Iterator[seen.Receipt]:
        cursor = ""
        while True:
            query = {"size": PAGE, **({"cursor": cursor} if cursor else {})}
            page = self._json("ingest-api", "/v1/receipts", office, params=query)
            yield from (_receipt(one) for one in page.get("receipts", ()))
            cursor = page.get("cursor") or ""
            if not cursor:
                return

    def _find(self, marker: str, phrase: str) -> seen.Find:
        query = {"q": f'"{phrase}"', "facets": "false"}
        answer = self._json("search-api", "/v1/search", params=query)
        hits = tuple(
            seen.Hit(hit["bulletin_id"], hit["revision"], tuple(one["bulletin_id"] for one in hit["cluster"]["others"]))
            for hit in answer.get("hits", ())
        )
        return seen.Find(marker, phrase, answer.get("total", 0), hits)

    def _shown(self, path: str) -> seen.Shown:
        answer = self._ask("search-api", path)
        if answer is None or answer.status_code != 200:
            return seen.Shown(answer.status_code if answer else 0)
        event = answer.json()
        event = event.get("bulletin", event) if "revisions" in event else event
        return seen.Shown(200, event["revision"], event["push_id"], event["text"])

    def _revision(self, bulletin_id: str, number: int) -> seen.Shown:
        return self._shown(f"/v1/bulletins/{bulletin_id}/revisions/{number}")

    def _json(self, service: str, path: str, office: str = "", **request: Any) -> dict[str, Any]:
        answer = self._ask(service, path, office, **request)
        return dict(answer.json()) if answer is not None else {}

    def _ask(self, service: str, path: str, office: str = "", **request: Any) -> Any:
        clients: dict[str, Client] = self._connections.__dict__.setdefault("clients", {})
        if service not in clients:
            clients[service] = self._new_client(service)
        return clients[service].ask("GET", path, office, **request)

    def _each(self, ask: Callable[[T], U], many: Sequence[T]) -> list[U]:
        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(ask, many))


def _derived(record: TopicRecord) -> seen.Derived:
    event_id = record.header("ce_id")
    bulletin_id, revision, _ = event_id.rsplit("/", 2)
    event = {} if record.claimed else json.loads(record.value)
    return seen.Derived(
        offset=record.offset,
        event_id=event_id,
        push_id=record.header("ce_pushid"),
        bulletin_id=bulletin_id,
        revision=int(revision),
        cluster_id=event.get("cluster_id", ""),
        duplicate_of=event.get("duplicate_of") or "",
    )


def _receipt(told: Mapping[str, Any]) -> seen.Receipt:
    return seen.Receipt(
        push_id=told["push_id"],
        bulletin_id=told.get("bulletin_id", ""),
        state=told.get("state", "unknown"),
        final=told.get("final", False),
        code=(told.get("detail") or {}).get("code", ""),
        revision=told.get("revision"),
        refers_to=told.get("refers_to") or "",
    )


def _revisions(listed: Mapping[str, Sequence[seen.Receipt]]) -> set[tuple[str, int]]:
    """Every revision that may be there: up to as many as a bulletin has pushes."""
    many: dict[str, int] = {}
    for page in listed.values():
        for receipt in page:
            many[receipt.bulletin_id] = many.get(receipt.bulletin_id, 0) + 1
    return {(bulletin_id, number) for bulletin_id, most in many.items() for number in range(1, most + 1)}
