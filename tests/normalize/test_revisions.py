"""Which revision a push is: every rule of the contract, and what must hold whatever arrives in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from jianbao_normalize.domain.decisions import KEPT_REPEATS, Document
from jianbao_normalize.domain.revisions import Arrival, Decision, decide, is_living

BULLETIN = "hubei-wmb." + "0" * 32
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
LIVE, BACKFILL, RETRY = "bulletins.raw/0", "bulletins.raw.backfill/0", "bulletins.normalize.retry/0"


def arrival(
    push: str,
    content: str = "",
    *,
    minute: int = 0,
    ce_id: str = "",
    place: str = LIVE,
    revert: bool = False,
    declared: str | None = None,
):
    return Arrival(
        push_id=push,
        ce_id=ce_id or f"event of {push}",
        operation="publish" if content else "retract",
        sha256=content,
        received_at=START + timedelta(minutes=minute),
        place=place,
        revert=revert,
        retried=place == RETRY,
        declared=declared,
    )


def after(*arrivals: Arrival, settle: bool = True) -> Document:
    document = Document(BULLETIN)
    for push in arrivals:
        decision = decide(document, push)
        document = decision.document
        if settle and decision.verdict == "revision" and decision.entry.number:
            document = document.settled(decision.entry.number, "normalized", cluster_id=BULLETIN)
    return document


def outcome(decision: Decision) -> tuple[str, int | None, str | None, str | None]:
    if decision.resend:
        return ("resend", None, None, None)
    return (decision.verdict, decision.entry.number, decision.entry.code, decision.entry.refers_to)


A, B = arrival("push-a", "A"), arrival("push-b", "B", minute=1)
GONE = arrival("push-gone", minute=2)

TABLE = {
    "the first push is revision 1": ((), A, ("revision", 1, None, None)),
    "changed content is the next revision": ((A,), B, ("revision", 2, None, None)),
    "the same record read again is the same revision": ((A, B), A, ("revision", 1, None, None)),
    "the same push in another record is a resend": ((A, B), replace(A, ce_id="x"), ("resend", None, None, None)),
    "a resend stays one after a retraction": ((A, GONE), replace(A, ce_id="x"), ("resend", None, None, None)),
    "content of the latest revision is repeated": (
        (A,), arrival("again", "A", minute=5), ("repeated", None, "repeated_content", "push-a")
    ),
    "content of the latest revision with other declared facts is told apart": (
        (replace(A, declared="one"),),
        arrival("again", "A", minute=5, declared="other"),
        ("repeated", None, "repeated_declaration", "push-a"),
    ),
    "the facts that count are those of the revision repeated last": (
        (replace(A, declared="one"), arrival("back", "A", minute=2, revert=True, declared="other")),
        arrival("again", "A", minute=5, declared="one"),
        ("repeated", None, "repeated_declaration", "back"),
    ),
    "content with the same declared facts is repeated": (
        (replace(A, declared="one"),),
        arrival("again", "A", minute=5, declared="one"),
        ("repeated", None, "repeated_content", "push-a"),
    ),
    "what an older version decided does not know what was declared": (
        (A,), arrival("again", "A", minute=5, declared="one"), ("repeated", None, "repeated_content", "push-a")
    ),
    "content of an earlier revision does not revert a correction": (
        (A, B), arrival("again", "A", minute=5), ("repeated", None, "repeated_content", "push-a")
    ),
    "content of an earlier revision is published again by a revert": (
        (A, B), arrival("again", "A", minute=5, revert=True), ("revision", 3, None, None)
    ),
    "after a revert the repeated content is that of the revert": (
        (A, B, arrival("back", "A", minute=5, revert=True)),
        arrival("again", "A", minute=6),
        ("repeated", None, "repeated_content", "back"),
    ),
    "a retraction is the next revision": ((A, B), GONE, ("revision", 3, None, None)),
    "a retraction of what is withdrawn is repeated": (
        (A, GONE), arrival("gone-2", minute=3), ("repeated", None, "already_withdrawn", "push-gone")
    ),
    "a retraction of a bulletin never seen is repeated": ((), GONE, ("repeated", None, "nothing_to_withdraw", None)),
    "after a retraction the earlier content alone changes nothing": (
        (A, GONE), arrival("again", "A", minute=5), ("repeated", None, "repeated_content", "push-a")
    ),
    "after a retraction a revert publishes again": (
        (A, GONE), arrival("again", "A", minute=5, revert=True), ("revision", 3, None, None)
    ),
    "after a retraction new content is published": ((A, GONE), arrival("b", "B", minute=5), ("revision", 3, None, None)),
    "a resend of a repeated retraction withdraws nothing": (
        (A, GONE, arrival("gone-2", minute=3), arrival("back", "A", minute=4, revert=True)),
        replace(arrival("gone-2", minute=3), ce_id="x"),
        ("resend", None, None, None),
    ),
    "a resend of a vain retraction withdraws nothing": (
        (GONE, arrival("b", "B", minute=5)), replace(GONE, ce_id="x"), ("resend", None, None, None)
    ),
    "a repeated push read again is answered alike": (
        (A, B, arrival("again", "A", minute=5)),
        arrival("again", "A", minute=5),
        ("repeated", None, "repeated_content", "push-a"),
    ),
    "an older push of another lane is superseded": (
        (B,), replace(A, place=BACKFILL), ("superseded", None, "arrived_late", "push-b")
    ),
    "an older push of another partition is superseded": (
        (B,), replace(A, place="bulletins.raw/1"), ("superseded", None, "arrived_late", "push-b")
    ),
    "a superseded push read again is answered alike": (
        (B, replace(A, place=BACKFILL)), replace(A, place=BACKFILL), ("superseded", None, "arrived_late", "push-b")
    ),
    "an older retraction of another lane is superseded": (
        (A, B), arrival("gone", minute=0, place=BACKFILL), ("superseded", None, "arrived_late", "push-b")
    ),
    "an older revert of another lane is superseded": (
        (A, B), arrival("r", "A", minute=0, place=BACKFILL, revert=True), ("superseded", None, "arrived_late", "push-b")
    ),
    "a newer push of another lane is the next revision": ((A,), replace(B, place=BACKFILL), ("revision", 2, None, None)),
    "within one partition the order of the log decides": ((B,), A, ("revision", 2, None, None)),
    "what was received before a vain retraction stays withdrawn": (
        (GONE,), replace(A, place=BACKFILL), ("superseded", None, "arrived_late", "push-gone")
    ),
    "what was received after a vain retraction is published": (
        (GONE,), arrival("late", "C", minute=9, place=BACKFILL), ("revision", 1, None, None)
    ),
    "a repeated publication is no later decision": (
        (A, B, arrival("again", "A", minute=9)),
        arrival("c", "C", minute=5, place=BACKFILL),
        ("revision", 3, None, None),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "push", "expected"), TABLE.values(), ids=TABLE.keys())
def test_rule(before: tuple[Arrival, ...], push: Arrival, expected: tuple[object, ...]):
    assert outcome(decide(after(*before), push)) == expected


def test_content_of_a_rejected_revision_may_be_pushed_again():
    document = after(A, settle=False).settled(1, "rejected")
    assert outcome(decide(document, arrival("again", "A", minute=5))) == ("revision", 2, None, None)


def test_content_of_a_dropped_dead_letter_may_be_pushed_again():
    document = after(A, settle=False)
    again = arrival("again", "A", minute=5)
    assert outcome(decide(document, again, lambda push: push == "push-a")) == ("revision", 2, None, None)
    assert outcome(decide(document, again)) == ("repeated", None, "repeated_dead_letter", "push-a")


def test_content_of_a_revision_that_is_being_handled_beside_it_is_no_dead_letters():
    document = after(A, settle=False)
    again = arrival("again", "A", minute=5)
    beside = decide(document, again, in_hand={"push-a", "again"})
    assert outcome(beside) == ("repeated", None, "repeated_content", "push-a")


def test_a_revision_of_another_lane_that_is_pending_may_only_wait_to_be_read_again_after_a_crash():
    document = after(replace(A, place=BACKFILL), settle=False)
    assert outcome(decide(document, arrival("again", "A", minute=5))) == (
        "repeated",
        None,
        "repeated_content",
        "push-a",
    )


def test_content_of_a_dead_letter_is_a_revision_again_if_the_push_says_so():
    document = after(A, settle=False)
    assert outcome(decide(document, arrival("again", "A", minute=5, revert=True))) == ("revision", 2, None, None)


def test_what_was_only_rejected_cannot_be_withdrawn():
    document = after(A, settle=False).settled(1, "rejected")
    assert outcome(decide(document, GONE)) == ("repeated", None, "nothing_to_withdraw", None)


def test_a_dead_letter_can_be_withdrawn_so_that_its_replay_is_superseded():
    document = after(A, settle=False)
    withdrawn = decide(document, GONE)
    assert outcome(withdrawn) == ("revision", 2, None, None)
    replayed = decide(withdrawn.document, replace(A, place=RETRY, retried=True))
    assert outcome(replayed) == ("superseded", 1, None, "push-gone")
    again = decide(replayed.document, replace(A, place=RETRY, retried=True))
    assert outcome(again) == ("superseded", 1, None, "push-gone")


def test_a_replayed_dead_letter_that_nothing_overtook_is_its_revision():
    document = after(A, settle=False)
    assert outcome(decide(document, replace(A, place=RETRY, retried=True))) == ("revision", 1, None, None)


def test_a_replayed_dead_letter_is_not_overtaken_by_a_rejected_revision():
    document = after(A, B, settle=False).settled(2, "rejected")
    assert outcome(decide(document, replace(A, place=RETRY, retried=True))) == ("revision", 1, None, None)


def test_a_record_read_again_after_a_crash_is_not_overtaken_by_what_follows_in_its_batch():
    assert outcome(decide(after(A, B, settle=False), A)) == ("revision", 1, None, None)


def test_a_replay_that_was_handled_before_a_crash_is_answered_alike():
    document = after(A, B)
    assert outcome(decide(document, replace(A, place=RETRY, retried=True))) == ("revision", 1, None, None)


def test_what_is_settled_once_stays_as_it_is():
    document = after(A, settle=False).settled(1, "normalized", cluster_id=BULLETIN, sequence=7)
    assert document.settled(1, "rejected", cluster_id="another", sequence=8) is document


def test_decisions_survive_as_json():
    document = after(A, B, arrival("again", "A", minute=5), GONE, replace(A, push_id="late", place=BACKFILL))
    assert Document.from_json(document.to_json(), document.version) == document


def test_a_client_in_a_loop_does_not_grow_the_document_for_ever():
    document = after(A)
    for number in range(KEPT_REPEATS + 50):
        document = decide(document, arrival(f"again {number}", "A", minute=number)).document
    assert len(document.entries) == KEPT_REPEATS + 1
    assert document.known("push-a") is not None


def test_no_vain_retraction_is_ever_forgotten():
    pushes = [arrival(f"gone {number}") for number in range(KEPT_REPEATS + 50)]
    document = after(*pushes)
    assert all(decide(document, replace(push, ce_id="x")).resend for push in pushes)


def test_a_bulletin_is_living_until_it_is_withdrawn_or_was_never_taken_in():
    def never(_: str) -> bool:
        return False

    assert not is_living(after(), never)
    assert is_living(after(A), never)
    assert is_living(after(A, B, settle=False).settled(2, "rejected"), never)
    assert not is_living(after(A, settle=False).settled(1, "rejected"), never)
    assert not is_living(after(A, GONE), never)
    assert not is_living(after(A), lambda push: push == "push-a")


class AnyOrder(RuleBasedStateMachine):
    """Pushes of every kind, sent again and read again at random, against what an office may rely on."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document(BULLETIN)
        self.answers: dict[tuple[str, str], tuple[object, ...]] = {}
        self.seen: list[Arrival] = []

    def take(self, push: Arrival) -> Decision:
        decision = decide(self.document, push)
        self.document = decision.document
        return decision

    @rule(
        content=st.sampled_from(["", "A", "B", "C"]),
        minute=st.integers(0, 30),
        place=st.sampled_from([LIVE, BACKFILL]),
        revert=st.booleans(),
    )
    def push(self, content: str, minute: int, place: str, revert: bool) -> None:
        push = arrival(f"push {len(self.seen)}", content, minute=minute, place=place, revert=revert and bool(content))
        before = self.document
        decision = self.take(push)
        self.seen.append(push)
        self.answers[push.push_id, push.ce_id] = outcome(decision)
        if decision.verdict == "revision":
            latest = before.latest
            assert decision.entry.number == 1 + ((latest.number or 0) if latest else 0)
            if not content:
                assert latest is not None
                assert latest.operation == "publish"
            elif not push.revert:
                assert all(entry.sha256 != content for entry in before.revisions())
        assert len(self.document.entries) == len(before.entries) + 1

    @rule(chosen=st.randoms(use_true_random=False))
    def read_again(self, chosen) -> None:
        if self.seen:
            push, before = chosen.choice(self.seen), self.document
            assert outcome(self.take(push)) == self.answers[push.push_id, push.ce_id]
            assert self.document == before

    @rule(chosen=st.randoms(use_true_random=False), minute=st.integers(0, 60))
    def send_again(self, chosen, minute: int) -> None:
        if self.seen:
            push, before = chosen.choice(self.seen), self.document
            again = replace(push, ce_id="sent again", received_at=START + timedelta(minutes=minute))
            assert self.take(again).resend
            assert self.document == before

    @invariant()
    def revisions_are_counted_without_gaps(self) -> None:
        numbers = [entry.number for entry in self.document.revisions()]
        assert numbers == list(range(len(numbers), 0, -1))

    @invariant()
    def document_survives_as_json(self) -> None:
        assert Document.from_json(self.document.to_json(), self.document.version) == self.document


TestAnyOrder = AnyOrder.TestCase
