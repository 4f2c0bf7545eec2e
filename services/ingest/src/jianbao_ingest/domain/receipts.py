"""From the record of a push and the stages' words on it to its receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jianbao_contracts import (
    ON_THE_WAY,
    Operation,
    Receipt,
    Related,
    Relation,
    Stage,
    StageStatus,
    identity,
    notices,
)

STAGES: tuple[Stage, ...] = ("ingest", "normalize", "extract", "search")
"""In the order of a document's way; the furthest one with a word on a push decides its state."""

TICK = timedelta(milliseconds=1)
"""What the log, from which stages take their time, tells time in."""

FAILED = frozenset({"dead_lettered", "dropped"})
"""What a failed reprocess says; it must not lower what an earlier generation had reached."""

OVERTAKEN = frozenset({"superseded", "withdrawn"})
"""Where search moves what it had made searchable. A push never comes back from there: another push takes its place."""


@dataclass(frozen=True, slots=True)
class PushFacts:
    """What the raw record itself says of a push."""

    push_id: str
    bulletin_id: str
    office: str
    operation: Operation
    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """What a stage said of a push, and the place of that record in its partition: later words have higher places."""

    status: StageStatus
    place: int


def earlier(known: PushFacts | None, found: PushFacts) -> PushFacts:
    """Return the facts that hold when a push was recorded twice: the first; whatever order they are read in."""
    if known is None:
        return found
    return min(known, found, key=lambda facts: (facts.received_at, facts.source))


def later(known: Word | None, found: Word) -> Word:
    """Return the word that holds when a stage spoke twice of one generation: the later one.

    A record read again changes nothing, unless what is known of it was damaged: the record is right. Nor does an
    indexer that rebuilds its index and says of a superseded or withdrawn push, once more, that it became searchable.
    """
    if known is None:
        return found
    if found.place <= known.place:
        return known if found.place < known.place or found == known else found
    if found.status.stage == "search" and known.status.state in OVERTAKEN and found.status.state == "searchable":
        return known
    return found


def fold(facts: PushFacts, statuses: Iterable[StageStatus]) -> Receipt:
    """Return the receipt of a push: the state of its furthest stage, and every word in order of the way."""
    accepted = StageStatus(
        push_id=facts.push_id,
        bulletin_id=facts.bulletin_id,
        office=facts.office,
        stage="ingest",
        state="accepted",
        at=facts.received_at,
    )
    words = sorted(
        [accepted, *(_not_before(accepted, status) for status in statuses)],
        key=lambda word: (STAGES.index(word.stage), word.generation),
    )
    furthest = _of_one_stage([word for word in words if word.stage == words[-1].stage])
    return Receipt(
        push_id=facts.push_id,
        bulletin_id=facts.bulletin_id,
        office=facts.office,
        operation=facts.operation,
        source=facts.source,
        revision=_revision(furthest, words),
        state=furthest.state,
        final=furthest.state not in ON_THE_WAY,
        received_at=facts.received_at,
        updated_at=max(word.at for word in words),
        detail=furthest.detail or notices.detail_of_state(furthest.state, facts.operation),
        refers_to=furthest.refers_to,
        relations=[_related(relation) for relation in _relations(furthest, words)],
        statuses=words,
        links=_links(facts, furthest),
    )


def _not_before(accepted: StageStatus, word: StageStatus) -> StageStatus:
    """Return a word with the time of the acceptance where only the log, which cuts time, has it spoken before."""
    is_cut = timedelta(0) < accepted.at - word.at < TICK
    return word.model_copy(update={"at": accepted.at}) if is_cut else word


def _of_one_stage(words: Sequence[StageStatus]) -> StageStatus:
    """Return the word that counts: the latest generation's, unless it failed where an earlier one had not."""
    candidates = [word for word in words if word.state not in FAILED] or words
    overtaken = [word for word in candidates if word.stage == "search" and word.state in OVERTAKEN]
    return (overtaken or candidates)[-1]


def _revision(furthest: StageStatus, words: Sequence[StageStatus]) -> int | None:
    known = [word.revision for word in (*words, furthest) if word.revision is not None]
    return known[-1] if known else None


def _relations(furthest: StageStatus, words: Sequence[StageStatus]) -> list[Relation]:
    """Return the relations last found: normalize finds them, and the stages behind it need not repeat them."""
    found = [word.relations for word in (*words, furthest) if word.relations]
    return list(found[-1]) if found else []


def _related(relation: Relation) -> Related:
    return Related(
        **relation.model_dump(),
        office=identity.office_of(relation.bulletin_id),
        meaning=notices.RELATIONS[relation.relation],
    )


def with_surroundings(receipt: Receipt, name_of: Callable[[str], str | None], page: str | None) -> Receipt:
    """Return the receipt with what its push's own words do not tell: names of offices, and addresses of pages.

    `page` is the base address of the search page, None where it is not known. A bulletin has a page while it is
    searchable; another office's, as far as that office left it there.
    """
    relations = [
        one.model_copy(
            update={
                "office_name": name_of(one.office or ""),
                "page": bulletin_page(page, one.bulletin_id) if page else None,
            }
        )
        for one in receipt.relations
    ]
    links = receipt.links
    if page and receipt.state == "searchable":
        links = {**links, "page": bulletin_page(page, receipt.bulletin_id)}
    return receipt.model_copy(update={"relations": relations, "links": links})


def bulletin_page(base: str, bulletin: str) -> str:
    """Return where people read a bulletin, given the base address of the search page."""
    return f"{base}/bulletins/{bulletin}"


def _links(facts: PushFacts, furthest: StageStatus) -> dict[str, str]:
    links = {"self": receipt_path(facts.push_id), "bulletin": bulletin_path(facts.bulletin_id)}
    if furthest.refers_to is not None:
        links["refers_to"] = receipt_path(furthest.refers_to)
    return links


def revisions_of(receipts: Iterable[Receipt]) -> list[dict[str, object]]:
    """Return the revisions that these pushes of one bulletin made, in order; one that repeats another made none."""
    made = {one.revision: one for one in receipts if one.revision is not None and one.state != "repeated"}
    return [
        {
            "revision": number,
            "push_id": one.push_id,
            "operation": one.operation,
            "state": one.state,
            "received_at": one.model_dump(mode="json")["received_at"],
        }
        for number, one in sorted(made.items())
    ]


def receipt_path(push: str) -> str:
    """Return where a receipt is read."""
    return f"/v1/receipts/{push}"


def bulletin_path(bulletin: str) -> str:
    """Return where a bulletin's pushes and revisions are read."""
    return f"/v1/bulletins/{bulletin}"
