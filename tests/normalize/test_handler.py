"""A batch of pushes: decided in order, cleaned, announced, looked up, answered, and answered alike when read again."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jianbao_contracts import Declared
from jianbao_contracts import headers as names
from jianbao_contracts.topics import NORMALIZED, RAW, RAW_BACKFILL, STATUS
from jianbao_streaming import Emit, InvalidEvent, Skip
from jianbao_streaming.sqlite import DATABASE, connect

RETRY = "bulletins.normalize.retry"


def sequences(stage) -> list[tuple[str, int]]:
    query = "SELECT bulletin_id, revision FROM normalize_fingerprint ORDER BY sequence"
    return connect(stage.folder / DATABASE).execute(query).fetchall()


def test_a_push_becomes_an_event_and_a_status(stage, event, status, text_of):
    record = stage.push("2017-01.txt", text_of(1))
    outcome = stage.one(record)
    assert [output.topic for output in outcome.records] == [NORMALIZED, STATUS]
    made, told = event(outcome), status(outcome)
    assert (made.revision, made.operation, made.source, made.sequence) == (1, "publish", "2017-01.txt", 1)
    assert made.text
    assert made.original == text_of(1)
    assert made.content_sha256 == hashlib.sha256(text_of(1).encode()).hexdigest()
    assert made.cluster_id == made.bulletin_id
    assert made.duplicate_of is None
    assert made.fingerprint is not None
    assert (told.push_id, told.state, told.revision, told.stage) == (made.push_id, "normalized", 1, "normalize")


def test_times_are_those_of_the_record_so_that_nothing_depends_on_when_it_is_read(stage, event, text_of):
    record = stage.push("a", text_of(1))
    made = event(stage.one(record))
    assert made.normalized_at.timestamp() * 1000 == record.timestamp


def test_the_trace_goes_on(stage, text_of):
    record = stage.push("a", text_of(1))
    traced = replace(record, headers=(*record.headers, (names.TRACEPARENT, b"00-trace-01")))
    assert {output.header(names.TRACEPARENT) for output in stage.one(traced).records} == {"00-trace-01"}


def test_pushes_of_one_bulletin_in_one_batch_are_decided_in_order(stage, read, text_of):
    batch = [
        stage.push("a", text_of(1)),
        stage.push("a", text_of(2)),
        stage.push("a", text_of(1), key="late"),
        stage.push("a", None, key="gone"),
        stage.push("a", None, key="gone again"),
        stage.push("a", text_of(2), key="back", revert=True),
        stage.push("a", text_of(2)),
    ]
    assert [read(outcome) for outcome in stage.handle(*batch)] == [
        ("normalized", 1, None),
        ("normalized", 2, None),
        ("repeated", None, "repeated_content"),
        ("normalized", 3, None),
        ("repeated", None, "already_withdrawn"),
        ("normalized", 4, None),
        ("resend",),
    ]


def test_a_resend_is_not_even_told(stage, text_of):
    stage.one(stage.push("a", text_of(1)))
    assert stage.one(stage.push("a", text_of(1))) == Skip("resend")


def test_a_retraction_is_an_event_without_text(stage, event, text_of):
    stage.one(stage.push("a", text_of(1)))
    made = event(stage.one(stage.push("a", None)))
    assert (made.operation, made.revision, made.text, made.original, made.alignment) == ("retract", 2, "", "", [])
    assert made.sequence is None
    assert made.fingerprint is None


def test_a_repeated_push_names_the_push_that_it_repeats(stage, status, text_of):
    first = status(stage.one(stage.push("a", text_of(1))))
    again = status(stage.one(stage.push("a", text_of(1), key="again")))
    assert again.refers_to == first.push_id
    assert again.detail.code == "repeated_content"
    assert "revert" in again.detail.action


def test_other_declared_facts_of_the_same_content_are_not_taken_silently(stage, status, event, text_of):
    first = status(stage.one(stage.push("a", text_of(1))))
    dated = Declared(published_on=date(2022, 5, 7))
    told = status(stage.one(stage.push("a", text_of(1), declared=dated)))
    assert (told.state, told.detail.code, told.refers_to) == ("repeated", "repeated_declaration", first.push_id)
    assert "未被采用" in told.detail.message
    assert "revert=true" in told.detail.action
    taken = event(stage.one(stage.push("a", text_of(1), declared=dated, key="dated", revert=True)))
    assert (taken.revision, taken.declared) == (2, dated)
    again = status(stage.one(stage.push("a", text_of(1), declared=dated, key="again")))
    assert again.detail.code == "repeated_content"


def test_an_older_push_of_the_backfill_lane_is_superseded(stage, read, text_of):
    stage.one(stage.push("a", text_of(2), minute=60))
    late = stage.push("a", text_of(1), minute=5, topic=RAW_BACKFILL)
    assert read(stage.one(late)) == ("superseded", None, "arrived_late")


def test_one_bad_record_spoils_no_other(stage, read, text_of):
    good = [stage.push("a", text_of(1)), stage.push("b", text_of(2)), stage.push("c", text_of(3))]
    bad = [
        replace(stage.push("d", "x"), value=b"{"),
        replace(stage.push("d", "x"), value=None),
        replace(stage.push("d", "x"), headers=()),
        stage.push("e", b"\x00\x01\xff\xfe\x80" * 50),
        stage.push("f", b""),
    ]
    mixed = [bad[0], good[0], bad[1], bad[2], good[1], bad[3], bad[4], good[2]]
    outcomes = stage.handle(*mixed)
    for record, outcome in zip(mixed, outcomes, strict=True):
        assert isinstance(outcome, Emit if record in good else InvalidEvent), read(outcome)


def test_a_bug_in_one_record_is_its_own_outcome(stage, text_of):
    def breaks(push):
        if push.document_id == "b":
            raise ZeroDivisionError
        return reads(push)

    reads = stage.normalizer.read_content
    buggy = replace(stage.normalizer, read_content=breaks)
    outcomes = buggy([stage.push("a", text_of(1)), stage.push("b", text_of(2)), stage.push("c", text_of(3))])
    assert [type(outcome) for outcome in outcomes] == [Emit, ZeroDivisionError, Emit]


def test_a_dead_letter_keeps_its_revision_and_may_be_replayed(stage, read, text_of):
    record = stage.push("a", text_of(1))
    broken = replace(stage.normalizer, read_content=lambda push: 1 // 0)
    assert isinstance(broken([record])[0], ZeroDivisionError)
    assert read(stage.one(stage.push("a", text_of(1), key="again"))) == ("repeated", None, "repeated_dead_letter")
    assert read(stage.one(replace(record, topic=RETRY))) == ("normalized", 1, None)


def test_a_record_that_kills_the_process_has_its_decision_before_it_is_parsed(stage, text_of):
    def dies(push):
        raise SystemExit

    record = stage.push("a", text_of(1))
    with pytest.raises(SystemExit):
        replace(stage.normalizer, read_content=dies)([record])
    (document,) = stage.another().decisions.load([record.key.decode()]).values()
    assert [(entry.number, entry.state) for entry in document.entries] == [(1, "pending")]


def test_a_dead_letter_that_was_overtaken_is_superseded_when_replayed(stage, read, status, text_of):
    record = stage.push("a", text_of(1))
    broken = replace(stage.normalizer, read_content=lambda push: 1 // 0)
    broken([record])
    newer = status(stage.one(stage.push("a", text_of(2))))
    outcome = stage.one(replace(record, topic=RETRY))
    assert read(outcome) == ("superseded", 1, "arrived_late")
    assert status(outcome).refers_to == newer.push_id
    assert stage.one(replace(record, topic=RETRY)) == outcome


def test_a_dropped_dead_letter_does_not_block_its_content(stage, read, status, text_of):
    record = stage.push("a", text_of(1))
    replace(stage.normalizer, read_content=lambda push: 1 // 0)([record])
    again = stage.push("a", text_of(1), key="again")
    stage.desk.given_up.add(record.header(names.PUSH_ID))
    assert read(stage.one(again)) == ("normalized", 2, None)


def test_content_in_the_payload_store_is_read_and_checked(stage, read, text_of):
    kept = stage.push("a", text_of(1), dataref=True)
    assert read(stage.one(kept)) == ("normalized", 1, None)
    lost = stage.push("b", text_of(2), dataref=True)
    for file in (stage.folder / "payloads").rglob("*"):
        if file.is_file():
            file.unlink()
    assert read(stage.one(lost)) == ("InvalidEvent", "content_missing")


def test_content_that_is_not_what_was_pushed_is_no_bulletin(stage, read, text_of):
    record = stage.push("a", text_of(1))
    other = stage.push("a", text_of(2))
    forged = replace(
        record, value=record.value.replace(hashlib.sha256(text_of(1).encode()).hexdigest().encode(), b"0" * 64)
    )
    assert read(stage.one(forged)) == ("InvalidEvent", "content_missing")
    assert read(stage.one(other)) == ("normalized", 2, None)


def test_a_copy_of_another_office_joins_the_earlier_ones_cluster(stage, event, status, text_of):
    first = event(stage.one(stage.push("a", text_of(1))))
    outcome = stage.one(stage.push("b", text_of(1), office="hunan-wmb"))
    copy = event(outcome)
    assert copy.cluster_id == first.bulletin_id
    assert copy.duplicate_of == first.bulletin_id
    (relation,) = copy.relations
    assert (relation.bulletin_id, relation.revision, relation.relation) == (first.bulletin_id, 1, "exact")
    assert relation.source == "a"
    assert status(outcome).relations == copy.relations


def test_copies_in_one_batch_have_one_founder(stage, event, text_of):
    outcomes = stage.handle(
        *(stage.push(f"copy {n}", text_of(1) + "\n" + "甲乙丙丁戊"[n], office=f"office-{n}") for n in range(5))
    )
    events = [event(outcome) for outcome in outcomes]
    assert {made.cluster_id for made in events} == {events[0].bulletin_id}
    assert [made.duplicate_of is None for made in events] == [True, False, False, False, False]


def test_an_accepting_office_keeps_its_own_cluster(stage, event, text_of):
    stage.desk.policies["hunan-wmb"] = "accept"
    stage.one(stage.push("a", text_of(1)))
    copy = event(stage.one(stage.push("b", text_of(1), office="hunan-wmb")))
    assert copy.cluster_id == copy.bulletin_id
    assert copy.duplicate_of is None
    assert [relation.relation for relation in copy.relations] == ["exact"]


def test_a_rejecting_office_is_told_of_what(stage, read, status, text_of):
    stage.desk.policies["hunan-wmb"] = "reject"
    stage.one(stage.push("a", text_of(1)))
    record = stage.push("b", text_of(1), office="hunan-wmb")
    outcome = stage.one(record)
    assert read(outcome) == ("rejected", 1, "duplicate_rejected")
    assert [relation.source for relation in status(outcome).relations] == ["a"]
    stage.desk.policies["hunan-wmb"] = "mark"
    assert stage.one(record) == outcome, "a replay is answered as before, whatever the policy is now"
    assert read(stage.one(stage.push("b", text_of(1), office="hunan-wmb", key="again"))) == ("normalized", 2, None)


def test_a_rejecting_office_may_publish_what_was_withdrawn_elsewhere(stage, read, text_of):
    stage.desk.policies["hunan-wmb"] = "reject"
    stage.one(stage.push("a", text_of(1)))
    stage.one(stage.push("a", None))
    assert read(stage.one(stage.push("b", text_of(1), office="hunan-wmb"))) == ("normalized", 1, None)


def test_a_rejecting_office_may_correct_what_was_taken_in(stage, read, event, text_of):
    founder = event(stage.one(stage.push("a", text_of(1))))
    stage.one(stage.push("b", text_of(1), office="hunan-wmb"))
    stage.desk.policies["hunan-wmb"] = "reject"
    outcome = stage.one(stage.push("b", text_of(1) + "\n补充一句。", office="hunan-wmb"))
    assert read(outcome) == ("normalized", 2, None)
    assert event(outcome).cluster_id == founder.bulletin_id


def test_a_corrected_founder_stays_the_founder(stage, event, text_of):
    founder = event(stage.one(stage.push("a", text_of(1))))
    stage.one(stage.push("b", text_of(1), office="hunan-wmb"))
    corrected = event(stage.one(stage.push("a", text_of(1) + "\n补充一句。")))
    assert (corrected.revision, corrected.cluster_id) == (2, founder.bulletin_id)
    withdrawn = event(stage.one(stage.push("a", None)))
    assert withdrawn.cluster_id == founder.bulletin_id


def test_a_founder_rewritten_after_its_copy_does_not_join_it(stage, event, text_of):
    lines = text_of(1).split("\n")
    founder = event(stage.one(stage.push("a", "\n".join(lines))))
    stage.one(stage.push("b", "\n".join((*lines[4:], *text_of(2).split("\n")[:5])), office="hunan-wmb"))
    rewritten = event(
        stage.one(stage.push("a", "\n".join((*text_of(2).split("\n")[:5], lines[7], *text_of(3).split("\n")[:2]))))
    )
    assert rewritten.cluster_id == founder.bulletin_id


def test_a_revision_with_another_text_looks_for_its_cluster_anew(stage, event, text_of):
    other = event(stage.one(stage.push("a", text_of(1))))
    stage.one(stage.push("b", text_of(2), office="hunan-wmb"))
    changed = event(stage.one(stage.push("b", text_of(1), office="hunan-wmb")))
    assert changed.cluster_id == other.bulletin_id


def test_a_replayed_batch_is_answered_byte_for_byte_and_announces_nothing_new(stage, text_of):
    stage.desk.policies["strict"] = "reject"
    batch = [
        stage.push("a", text_of(1)),
        stage.push("b", text_of(1), office="hunan-wmb"),
        stage.push("a", text_of(2)),
        stage.push("a", text_of(1), key="again"),
        stage.push("b", None, office="hunan-wmb"),
        stage.push("c", text_of(2), office="strict"),
        stage.push("d", b"\xff\x00\xfe" * 99),
        stage.push("e", None),
    ]
    first = stage.handle(*batch)
    announced = sequences(stage)
    for again in (stage.normalizer, stage.another()):
        for outcome, before in zip(again(batch), first, strict=True):
            if isinstance(before, Exception):
                assert repr(outcome) == repr(before)
            else:
                assert outcome == before
    assert sequences(stage) == announced
    one_by_one = [stage.one(record) for record in batch]
    assert [repr(outcome) for outcome in one_by_one] == [repr(outcome) for outcome in first]


def test_two_replicas_that_handle_near_copies_at_the_same_time_make_one_founder_and_one_member(stage, event, text_of):
    rounds = 25
    barrier = threading.Barrier(2)
    made: dict[str, list[object]] = {"left": [], "right": []}
    batches = {
        name: [stage.push(f"{name} {n}", text_of(n) + ending, office=name) for n in range(rounds)]
        for name, ending in (("left", "甲"), ("right", "乙"))
    }

    def replica(name: str) -> None:
        normalizer = stage.another()
        for record in batches[name]:
            barrier.wait(30)
            made[name] += normalizer([record])

    threads = [threading.Thread(target=replica, args=[name]) for name in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outcomes in zip(made["left"], made["right"], strict=True):
        left, right = map(event, outcomes)
        assert left.cluster_id == right.cluster_id
        assert (left.duplicate_of, right.duplicate_of) in ((None, left.bulletin_id), (right.bulletin_id, None))
    assert len(made["left"]) == rounds


PUSH = st.tuples(
    st.sampled_from("ab"), st.sampled_from([None, 1, 2, 3]), st.booleans(), st.booleans(), st.integers(0, 30)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pushes=st.lists(PUSH, min_size=1, max_size=8), cut=st.integers(0, 8))
def test_however_batches_are_cut_and_repeated_every_push_is_answered_alike(
    tmp_path_factory, new_stage, text_of, pushes, cut
):
    def records(stage):
        for number, (document, content, revert, backfill, minute) in enumerate(pushes):
            yield stage.push(
                document,
                content and text_of(content),
                key=f"key {number}" if revert or content is None else None,
                revert=revert and content is not None,
                topic=RAW_BACKFILL if backfill else RAW,
                minute=minute,
            )

    whole, parts = (new_stage(tmp_path_factory.mktemp("stage")) for _ in range(2))
    expected = whole.handle(*records(whole))
    batch = list(records(parts))
    parts.handle(*batch[:cut])
    assert [*parts.handle(*batch[:cut]), *parts.handle(*batch[cut:])] == expected
    assert sequences(parts) == sequences(whole)
