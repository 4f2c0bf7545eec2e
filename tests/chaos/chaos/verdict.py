"""The verdict: everything in which what was seen differs from what must be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from chaos import cluster_verdict, log_verdict, receipt_verdict, search_verdict
from chaos.contents import Content
from chaos.model import Story, stories
from chaos.observed import Observed, RawPush
from chaos.receipt_verdict import agrees, receipts_of
from chaos.violations import Violation


def verify(observed: Observed) -> list[Violation]:
    """Return all violations; none: every acknowledged push ended as contracts demand."""
    contents = contents_of(observed)
    told = explained(observed, contents)
    return [
        *_of_the_answers(observed),
        *log_verdict.verify(observed, told),
        *receipt_verdict.verify(observed, told),
        *cluster_verdict.verify(observed),
        *search_verdict.verify(observed, told, contents),
    ]


def contents_of(observed: Observed) -> dict[str, Content]:
    """Return what was pushed, by SHA-256."""
    pushes = [one.push for one in observed.acknowledged] + list(observed.unanswered)
    return {push.content.sha256: push.content for push in pushes if push.content}


def explained(observed: Observed, contents: Mapping[str, Content]) -> dict[str, Story]:
    """Return, for each bulletin, the story that its receipts tell or, if they tell none that may be, the likeliest."""
    receipts = receipts_of(observed)
    found: dict[str, Story] = {}
    for bulletin_id, raw in _by_bulletin(observed, contents).items():
        for story in stories(bulletin_id, raw, contents):
            found.setdefault(bulletin_id, story)
            if all(push_id in receipts and agrees(fate, receipts[push_id]) for push_id, fate in story.fates.items()):
                found[bulletin_id] = story
                break
    return found


def _by_bulletin(observed: Observed, contents: Mapping[str, Content]) -> dict[str, list[RawPush]]:
    grouped: dict[str, list[RawPush]] = defaultdict(list)
    for push in observed.raw:
        if push.operation == "retract" or push.sha256 in contents:
            grouped[push.bulletin_id].append(push)
    return grouped


def _of_the_answers(observed: Observed) -> Iterator[Violation]:
    for push in observed.unanswered:
        yield Violation("stuck", f"{push.office}/{push.document}", f"a {push.kind} push was never answered")
    for odd in observed.odd:
        yield Violation("wrong", "HTTP", odd)
    for group, many in observed.waiting.items():
        if many:
            yield Violation("stuck", group, f"{many} records still wait for it")
    given: dict[tuple[object, ...], str] = {}
    owners: dict[str, tuple[object, ...]] = {}
    for one in observed.acknowledged:
        identity = one.push.identity
        if given.setdefault(identity, one.push_id) != one.push_id:
            yield Violation("twice", one.push_id, f"the same push was accepted before as {given[identity]}")
        if owners.setdefault(one.push_id, identity) != identity:
            yield Violation("lost", one.push_id, f"another push of {one.bulletin_id} was given the same id")
        if not one.bulletin_id.startswith(f"{one.push.office}."):
            yield Violation("wrong", one.push_id, f"{one.bulletin_id} does not belong to {one.push.office}")
    bulletins: dict[str, tuple[str, str]] = {}
    for one in observed.acknowledged:
        document = (one.push.office, one.push.document)
        if bulletins.setdefault(one.bulletin_id, document) != document:
            yield Violation("wrong", one.bulletin_id, f"one id for {document} and {bulletins[one.bulletin_id]}")
    if len(set(bulletins.values())) != len(bulletins):
        yield Violation("twice", "bulletins", "a document was given two bulletin ids")
