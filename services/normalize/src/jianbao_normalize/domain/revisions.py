"""Which revision a push is, if any: decided once, in the order of the log, by one owner a bulletin.

The rules stand in the order in which they are asked (contracts: identity, revisions, retraction):

1. a known push: with the same `ce_id` the same record is read again, and is answered again, identically; with another
   one a client repeated itself, and nothing is said. A replayed dead letter that a later revision overtook meanwhile
   is superseded;
2. a retraction of what is withdrawn, or was never there, is a repetition;
3. content that an earlier revision had (unless that was rejected or dropped) is a repetition, so that a retry which
   arrives late does not revert a correction; `revert` says that exactly this is wanted. Where that revision is a dead
   letter the office is told so: it may have mended what it declares of the content. Where another title, date or region
   is declared than that revision has, it is told that these were not taken;
4. what comes from another lane, partition or topic than the latest decision, and was received before it, is superseded
   (within one partition the order of the log decides);
5. all else is the next revision.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from datetime import datetime

from jianbao_contracts import Operation
from jianbao_normalize.domain.decisions import Document, Entry, Verdict


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a decision needs to know of a push. `retried`: it comes from the topic of replayed dead letters. `declared`
    tells its declared facts from any others; None: not known."""

    push_id: str
    ce_id: str
    operation: Operation
    sha256: str
    received_at: datetime
    place: str
    revert: bool = False
    retried: bool = False
    declared: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with an arrival, by its entry in `document`, the document to store.

    `resend`: nothing, not even a word. Else `verdict` says it: `revision` is to be handled as revision
    `entry.number`; `repeated` and `superseded` are only told.
    """

    document: Document
    entry: Entry
    resend: bool = False

    @property
    def verdict(self) -> Verdict:
        """What to do; a revision that was overtaken while it waited as a dead letter is superseded."""
        return "superseded" if self.entry.state == "superseded" else self.entry.verdict


Dropped = Callable[[str], bool]
"""Whether an operator dropped the push of this id for good."""


def decide(
    document: Document, push: Arrival, dropped: Dropped = lambda _: False, in_hand: Container[str] = ()
) -> Decision:
    """Decide one push. `document` is that of its bulletin, with all decisions taken so far.

    `in_hand` names the pushes that are being handled together with this one: a revision of theirs that is pending is
    on its way. Any other one of the same partition, which is read in order, is a dead letter; of another one nobody can
    know: after a crash it may just not have been read again yet.
    """
    known = document.known(push.push_id)
    if known is not None:
        return _again(document, known, push, dropped)
    if push.operation == "retract":
        repeated = _vain_retraction(document, push, dropped)
    else:
        repeated = _known_content(document, push, dropped, in_hand)
    if repeated is not None:
        return Decision(document.with_entry(repeated), repeated)
    last = _latest_decision(document)
    if last is not None and push.place != last.place and push.received_at < last.received_at:
        late = _entry(push, "superseded", code="arrived_late", refers_to=last.push_id)
        return Decision(document.with_entry(late), late)
    latest = document.latest
    number = 1 if latest is None or latest.number is None else latest.number + 1
    entry = replace(_entry(push, "revision"), number=number)
    return Decision(document.with_entry(entry), entry)


def _again(document: Document, known: Entry, push: Arrival, dropped: Dropped) -> Decision:
    if known.ce_id != push.ce_id:
        return Decision(document, known, resend=True)
    if not push.retried or known.number is None or known.state != "pending":
        return Decision(document, known)
    later = _standing(document, dropped)
    if later is None or later.number is None or later.number <= known.number:
        return Decision(document, known)
    settled = document.settled(known.number, "superseded", refers_to=later.push_id)
    return Decision(settled, settled.revision(known.number))


def _vain_retraction(document: Document, push: Arrival, dropped: Dropped) -> Entry | None:
    standing = _standing(document, dropped)
    if standing is None:
        return _entry(push, "repeated", code="nothing_to_withdraw")
    if standing.operation == "retract":
        return _entry(push, "repeated", code="already_withdrawn", refers_to=standing.push_id)
    return None


def _known_content(document: Document, push: Arrival, dropped: Dropped, in_hand: Container[str]) -> Entry | None:
    if push.revert:
        return None
    for entry in document.revisions():
        if entry.operation == "publish" and entry.sha256 == push.sha256 and _stands(entry, dropped):
            failed = entry.state == "pending" and entry.push_id not in in_hand and entry.place == push.place
            told_anew = "repeated_declaration" if _declares_otherwise(push, entry) else "repeated_content"
            code = "repeated_dead_letter" if failed else told_anew
            return _entry(push, "repeated", code=code, refers_to=entry.push_id)
    return None


def _declares_otherwise(push: Arrival, entry: Entry) -> bool:
    return None not in (push.declared, entry.declared) and push.declared != entry.declared


def _standing(document: Document, dropped: Dropped) -> Entry | None:
    """Return the latest revision that counts, or None."""
    return next((entry for entry in document.revisions() if _stands(entry, dropped)), None)


def _stands(entry: Entry, dropped: Dropped) -> bool:
    return entry.state != "rejected" and not dropped(entry.push_id)


def _latest_decision(document: Document) -> Entry | None:
    """A vain retraction counts too: what was received before it, and comes late by another lane, stays withdrawn."""
    for entry in reversed(document.entries):
        if entry.number is not None or (entry.verdict == "repeated" and entry.operation == "retract"):
            return entry
    return None


def _entry(
    push: Arrival,
    verdict: Verdict,
    *,
    code: str | None = None,
    refers_to: str | None = None,
) -> Entry:
    return Entry(
        push_id=push.push_id,
        ce_id=push.ce_id,
        operation=push.operation,
        sha256=push.sha256,
        received_at=push.received_at,
        place=push.place,
        verdict=verdict,
        code=code,
        refers_to=refers_to,
        declared=push.declared,
    )


def is_living(document: Document, dropped: Dropped) -> bool:
    """Whether the bulletin stands in public: its latest revision that counts publishes it."""
    standing = _standing(document, dropped)
    return standing is not None and standing.operation == "publish"
