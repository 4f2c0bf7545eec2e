"""What each source says of each push, side by side. Holds ids, numbers and days only, whatever the bulletins weigh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Literal

from jianbao_contracts import DeadLetterAction, RawPush, Stage, identity, topics
from jianbao_contracts import headers as names
from jianbao_normalize.domain.decisions import KEPT_REPEATS, Document, Entry
from jianbao_search.domain.words import Revision
from jianbao_standalone.audit.sources import Seen, Sources
from jianbao_standalone.beijing import day_of
from jianbao_streaming.events import parse

RAW_TOPICS = (topics.RAW, topics.RAW_BACKFILL)
DEAD_LETTERED: tuple[Stage, ...] = ("normalize", "extract", "search")
SOURCE_OF: dict[Stage, str] = {"extract": topics.NORMALIZED, "search": topics.EXTRACTED}

Reach = Literal["", "waiting", "read"]
"""Where the event of a push stands before the stage that reads it: there is none, it waits, or it was read."""

Letter = Literal["open", "replayed", "dropped"]


@dataclass(slots=True)
class Push:
    """What the sources say of one push. `place` is its first raw record; `revision` is set where it made one."""

    push_id: str
    bulletin_id: str
    office: str
    day: date
    received: str
    place: tuple[str, int]
    read: bool = False
    verdict: Literal["", "repeated", "superseded", "rejected", "revision"] = ""
    revision: int | None = None
    ce_id: str | None = None
    normalized: Reach = ""
    extracted: Reach = ""
    letters: dict[Stage, Letter] | None = None
    retried: frozenset[str] = frozenset()
    receipt: str | None = None

    def letter(self, stage: Stage) -> Letter | None:
        """Return what became of its latest dead letter at a stage, or None where there is none."""
        return self.letters.get(stage) if self.letters else None


@dataclass(slots=True)
class Facts:
    """All that the sources say. `latest` is the highest version of each bulletin that the indexer has read and handled,
    `promised` the highest that stands in the log at all."""

    pushes: dict[str, Push] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)
    promised: dict[str, int] = field(default_factory=dict)
    stored: dict[str, list[Revision]] = field(default_factory=dict)
    moving: set[str] = field(default_factory=set)
    """Bulletins that the indexer has in hand, and pushes of which receipts have not read everything."""
    wrong_words: dict[str, str] = field(default_factory=dict)


def gather(sources: Sources) -> Facts:
    """Read all sources once, each from its start to its end."""
    facts = Facts()
    for topic in RAW_TOPICS:
        read = sources.committed("normalize", topic)
        for seen in sources.seen(topic):
            _pushed(facts, seen, handled=seen.offset < read)
    _decided(facts, sources)
    for stage in ("extract", "search"):
        read = sources.committed(stage, SOURCE_OF[stage])
        for seen in sources.seen(SOURCE_OF[stage]):
            _derived(facts, stage, seen, handled=seen.offset < read)
    _failed(facts, sources)
    for bulletin, revision in sources.revisions():
        facts.stored.setdefault(bulletin, []).append(revision)
    _told(facts, sources)
    return facts


def _pushed(facts: Facts, seen: Seen, *, handled: bool) -> None:
    push_id, received = seen.headers.get(names.PUSH_ID), seen.headers.get(names.TIME)
    bulletin = seen.headers.get(names.SUBJECT)
    if not (push_id and bulletin and received):  # ingest appends none without
        return
    known = facts.pushes.get(push_id)
    if known is None or received < known.received:
        day = _day_of_hour(received[:13])
        place = (seen.topic, seen.offset)
        read = handled or (known is not None and known.read)
        office = seen.headers.get(names.OFFICE) or identity.office_of(bulletin)
        facts.pushes[push_id] = Push(push_id, bulletin, office, day, received, place, read)
    else:
        known.read = known.read or handled


@cache
def _day_of_hour(hour: str) -> date:
    """Return the Beijing day of an hour, as YYYY-MM-DDTHH of UTC: days begin at full hours."""
    return day_of(datetime.fromisoformat(f"{hour}:00:00+00:00"))


def _decided(facts: Facts, sources: Sources) -> None:
    crowded: dict[str, set[str]] = {}
    for document in sources.decisions():
        for entry in document.entries:
            if (push := facts.pushes.get(entry.push_id)) is not None:
                _note(push, entry)
        if _may_have_forgotten(document):
            crowded[document.bulletin_id] = {entry.sha256 for entry in document.revisions()}
    if not crowded:
        return
    for push in facts.pushes.values():
        if push.read and not push.verdict and push.bulletin_id in crowded:
            record = sources.record(*push.place)
            if record is not None and record.value and parse(record, RawPush).sha256 in crowded[push.bulletin_id]:
                push.verdict = "repeated"


def _note(push: Push, entry: Entry) -> None:
    push.ce_id = entry.ce_id
    push.revision = entry.number
    if entry.state in ("rejected", "superseded"):
        push.verdict = entry.state
    else:
        push.verdict = entry.verdict


def _may_have_forgotten(document: Document) -> bool:
    repeats = sum(entry.verdict == "repeated" and entry.operation == "publish" for entry in document.entries)
    return repeats >= KEPT_REPEATS


def _derived(facts: Facts, stage: Stage, seen: Seen, *, handled: bool) -> None:
    push = facts.pushes.get(seen.headers.get(names.PUSH_ID, ""))
    reach: Reach = "read" if handled else "waiting"
    if push is not None:
        if stage == "extract":
            push.normalized = "read" if "read" in (push.normalized, reach) else reach
        else:
            push.extracted = "read" if "read" in (push.extracted, reach) else reach
    if stage == "search":
        bulletin = seen.headers.get(names.SUBJECT, "")
        version = version_of(seen)
        facts.promised[bulletin] = max(facts.promised.get(bulletin, 0), version)
        if handled:
            facts.latest[bulletin] = max(facts.latest.get(bulletin, 0), version)
        else:
            facts.moving.add(bulletin)


def version_of(seen: Seen) -> int:
    """Return the version under which the index accepts a derived event, from its headers."""
    revision, generation = seen.headers.get(names.REVISION), seen.headers.get(names.GENERATION)
    return identity.index_version(int(revision or 0), int(generation or 1))


def _failed(facts: Facts, sources: Sources) -> None:
    acts: dict[tuple[str, int, int], str] = {}
    for record in sources.records(topics.DEAD_LETTER_ACTIONS):
        act = parse(record, DeadLetterAction)
        acts[act.stage, act.partition, act.offset] = act.action
    unhandled: dict[str, set[int]] = {}
    for stage in DEAD_LETTERED:
        for seen in sources.seen(topics.dead_letters_of(stage)):
            done = acts.get((stage, seen.partition, seen.offset))
            letter: Letter = "open" if done is None else "replayed" if done == "replay" else "dropped"
            push = facts.pushes.get(seen.headers.get(names.PUSH_ID, ""))
            if push is not None:
                push.letters = {**(push.letters or {}), stage: letter}
            if stage == "search":
                versions = unhandled.setdefault(seen.headers.get(names.SUBJECT, ""), set())
                (versions.discard if letter == "replayed" else versions.add)(version_of(seen))
        for seen in _unread(sources, stage, topics.retries_of(stage)):
            push = facts.pushes.get(seen.headers.get(names.PUSH_ID, ""))
            if push is not None:
                push.retried |= {stage}
            facts.moving.add(seen.headers.get(names.SUBJECT, ""))
    _not_indexed(facts, sources, {bulletin: versions for bulletin, versions in unhandled.items() if versions})


def _not_indexed(facts: Facts, sources: Sources, unhandled: dict[str, set[int]]) -> None:
    """The latest revision that the indexer handled is a lower one where it could not handle the highest."""
    if not unhandled:
        return
    read = sources.committed("search", topics.EXTRACTED)
    handled: dict[str, int] = {}
    for seen in sources.seen(topics.EXTRACTED):
        bulletin = seen.headers.get(names.SUBJECT, "")
        if bulletin in unhandled and seen.offset < read and version_of(seen) not in unhandled[bulletin]:
            handled[bulletin] = max(handled.get(bulletin, 0), version_of(seen))
    for bulletin in unhandled:
        facts.latest.pop(bulletin, None)
    facts.latest.update(handled)


def _told(facts: Facts, sources: Sources) -> None:
    for push_id, state in sources.receipts():
        if (push := facts.pushes.get(push_id)) is not None:
            push.receipt = state
    for topic in (topics.STATUS, *RAW_TOPICS, topics.retries_of("receipts")):
        for seen in _unread(sources, "receipts", topic):
            facts.moving.add(seen.headers.get(names.PUSH_ID, ""))
    for seen in sources.seen(topics.dead_letters_of("receipts")):  # an operator sees them there, as dead letters
        facts.moving.add(seen.headers.get(names.PUSH_ID, ""))
    facts.wrong_words.update(sources.wrong_words())


def _unread(sources: Sources, group: str, topic: str) -> Iterator[Seen]:
    return sources.seen(topic, sources.committed(group, topic))
