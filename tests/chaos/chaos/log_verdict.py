"""What the topics must hold, and hold once, in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from chaos.acts import NO_CONTENT
from chaos.model import Story
from chaos.observed import Derived, Observed
from chaos.violations import Violation

Stories = Mapping[str, Story]


def verify(observed: Observed, told: Stories) -> Iterator[Violation]:
    """Yield what is wrong with raw topics, derived topics and dead letters."""
    yield from _raw(observed)
    normalized = {one.push.push_id: (s, one.number) for s in told.values() for one in s.revisions if one.normalized}
    rejected = {push_id for story in told.values() for push_id, fate in story.fates.items() if fate.state == "rejected"}
    for push_id in rejected:
        normalized.pop(push_id, None)
    extracted = {one.push.push_id: (s, one.number) for s in told.values() for one in s.revisions if one.extracted}
    yield from _derived("bulletins.normalized", observed.normalized, normalized)
    yield from _derived("bulletins.extracted", observed.extracted, extracted)
    yield from _letters(observed, told)


def _raw(observed: Observed) -> Iterator[Violation]:
    acknowledged = {one.push_id: one for one in observed.acknowledged}
    recorded = {push.push_id for push in observed.raw}
    for push_id, one in acknowledged.items():
        if push_id not in recorded:
            yield Violation("lost", push_id, f"a {one.push.kind} push was acknowledged and is in no raw topic")
    for event_id, times in Counter(push.event_id for push in observed.raw).items():
        if times > 1:
            yield Violation("twice", event_id, f"{times} raw records have this ce_id")
    for push in observed.raw:
        if push.push_id not in acknowledged:
            yield Violation("invented", push.push_id, f"{push.lane}/{push.offset} holds a push that nobody made")
            continue
        one = acknowledged[push.push_id]
        content = one.push.content or NO_CONTENT
        made = (one.push.operation, content.sha256, one.push.revert, one.push.lane, one.push.office, one.bulletin_id)
        found = (push.operation, push.sha256, push.revert, push.lane, push.office, push.bulletin_id)
        if made != found:
            yield Violation("wrong", push.push_id, f"pushed was {made}, recorded is {found}")


def _derived(topic: str, records: Sequence[Derived], wanted: Mapping[str, tuple[Story, int]]) -> Iterator[Violation]:
    for event_id, times in Counter(record.event_id for record in records).items():
        if times > 1:
            yield Violation("twice", event_id, f"stands {times} times in {topic}")
    found: dict[str, Derived] = {}
    for record in records:
        found[record.push_id] = record
        if record.push_id not in wanted:
            yield Violation(
                "invented", record.event_id, f"{topic}/{record.offset} is of a push that makes no such event"
            )
    for push_id, (story, number) in wanted.items():
        if push_id not in found:
            yield Violation("lost", push_id, f"revision {number} of {story.bulletin_id} is not in {topic}")
        elif found[push_id].event_id != f"{story.bulletin_id}/{number}/1":
            yield Violation("wrong", push_id, f"revision {number} of {story.bulletin_id} is {found[push_id].event_id}")
    by_bulletin: dict[str, list[int]] = defaultdict(list)
    for record in sorted(records, key=lambda record: record.offset):
        by_bulletin[record.bulletin_id].append(record.revision)
    one_lane = {story.bulletin_id for story, _ in wanted.values() if story.one_lane}
    for bulletin_id, revisions in by_bulletin.items():
        if bulletin_id in one_lane and revisions != sorted(revisions):
            yield Violation("order", bulletin_id, f"its revisions stand in {topic} as {revisions}")


def _letters(observed: Observed, told: Stories) -> Iterator[Violation]:
    contents = {one.push.push_id: one for story in told.values() for one in story.revisions}
    fates = {push_id: fate for story in told.values() for push_id, fate in story.fates.items()}
    dead = {push_id for push_id, fate in fates.items() if fate.state == "dead_lettered"}
    found = {letter.push_id: letter for letter in observed.letters}
    for (stage, push_id), times in Counter((letter.stage, letter.push_id) for letter in observed.letters).items():
        if times > 1:
            yield Violation("twice", push_id, f"is {times} dead letters of {stage}")
    for letter in observed.letters:
        if letter.push_id not in dead:
            yield Violation("invented", letter.push_id, f"is a dead letter of {letter.stage}: {letter.code}")
            continue
        content = contents[letter.push_id].content
        if content is None or (letter.stage, letter.code) != (content.refused_by, content.refused):
            yield Violation("wrong", letter.push_id, f"is a dead letter of {letter.stage} for {letter.code}")
        if not letter.untouched:
            yield Violation("wrong", letter.push_id, "its dead letter holds other bytes than the record it came from")
    for push_id in dead - set(found):
        yield Violation("lost", push_id, f"is in no topic of dead letters, though {fates[push_id].code}")
