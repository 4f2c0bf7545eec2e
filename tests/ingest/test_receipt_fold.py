"""From the words of the stages to the state of a push."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_contracts import Relation, StageStatus, State
from jianbao_ingest.domain.receipts import STAGES, PushFacts, Word, earlier, fold, later, with_surroundings

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PUSH, OTHER, BULLETIN = "1" * 32, "2" * 32, f"hubei-wmb.{'0' * 32}"
FACTS = PushFacts(PUSH, BULLETIN, "hubei-wmb", "publish", "a.txt", NOW)


def word(stage, state, generation=1, minutes=1, **more):
    return StageStatus(
        push_id=PUSH,
        bulletin_id=BULLETIN,
        office="hubei-wmb",
        stage=stage,
        state=state,
        generation=generation,
        at=NOW + timedelta(minutes=minutes),
        **more,
    )


def state(*words):
    return fold(FACTS, words).state


def test_a_push_that_no_stage_spoke_of_is_accepted():
    receipt = fold(FACTS, [])
    assert (receipt.state, receipt.final, receipt.received_at) == ("accepted", False, NOW)
    assert [status.stage for status in receipt.statuses] == ["ingest"]
    assert receipt.links == {"self": f"/v1/receipts/{PUSH}", "bulletin": f"/v1/bulletins/{BULLETIN}"}


def test_no_stage_speaks_before_the_push_was_accepted_though_the_log_cuts_time_to_milliseconds():
    accepted = NOW + timedelta(microseconds=939_345)
    cut = word("normalize", "normalized").model_copy(update={"at": NOW + timedelta(microseconds=939_000)})
    later_on = word("extract", "extracted")
    receipt = fold(replace(FACTS, received_at=accepted), [cut, later_on])
    assert [status.at for status in receipt.statuses] == [accepted, accepted, later_on.at]
    assert receipt.updated_at == later_on.at


@given(st.permutations([("normalize", "normalized"), ("extract", "extracted"), ("search", "searchable")]))
def test_the_furthest_stage_decides_in_whatever_order_words_arrive(words):
    receipt = fold(FACTS, [word(*one) for one in words])
    assert (receipt.state, receipt.final) == ("searchable", True)
    assert [status.stage for status in receipt.statuses] == list(STAGES)


@pytest.mark.parametrize("failed", ["dead_lettered", "dropped"])
@pytest.mark.parametrize("stage", ["normalize", "extract", "search"])
def test_a_failed_reprocess_never_lowers_a_receipt(stage, failed):
    reached = [word("normalize", "normalized"), word("extract", "extracted"), word("search", "searchable")]
    assert state(*reached, word(stage, failed, generation=2, minutes=9)) == "searchable"


def test_a_reprocess_that_succeeds_lifts_a_dead_letter():
    failed = [word("normalize", "normalized"), word("extract", "dead_lettered")]
    assert state(*failed) == "dead_lettered"
    assert state(*failed, word("normalize", "normalized", 2), word("extract", "extracted", 2)) == "extracted"


def test_a_dead_letter_at_the_furthest_stage_is_told_with_its_reason():
    detail = {"code": "not_text", "message": "不是文字", "action": "请重推"}
    receipt = fold(FACTS, [word("normalize", "dead_lettered", detail=detail)])
    assert (receipt.state, receipt.final, receipt.detail.code) == ("dead_lettered", True, "not_text")


@pytest.mark.parametrize("overtaken", ["superseded", "withdrawn"])
def test_what_search_moved_on_stays_so_through_a_reprocess(overtaken):
    assert state(word("search", overtaken), word("search", "searchable", generation=2)) == overtaken


def test_a_repeated_push_refers_to_the_one_it_repeats():
    receipt = fold(FACTS, [word("normalize", "repeated", refers_to=OTHER, revision=1)])
    assert (receipt.state, receipt.final, receipt.refers_to, receipt.revision) == ("repeated", True, OTHER, 1)
    assert receipt.links["refers_to"] == f"/v1/receipts/{OTHER}"


def test_relations_and_revision_found_early_stay_on_the_receipt():
    found = Relation(bulletin_id=BULLETIN, revision=1, source="b.txt", relation="near", similarity=0.9)
    receipt = fold(
        FACTS, [word("normalize", "normalized", relations=[found], revision=3), word("search", "searchable", minutes=5)]
    )
    (related,) = receipt.relations
    assert (Relation.model_validate(related.model_dump()), receipt.revision) == (found, 3)
    assert receipt.updated_at == NOW + timedelta(minutes=5)


def test_a_relation_says_whose_the_other_bulletin_is_what_it_means_and_where_it_is_read():
    other = f"hebei-wmb.{'0' * 32}"
    kinds = get_args(Relation.model_fields["relation"].annotation)
    found = [Relation(bulletin_id=other, revision=1, source="b", relation=kind, similarity=0.9) for kind in kinds]
    receipt = fold(FACTS, [word("normalize", "normalized", relations=found)])
    assert {one.office for one in receipt.relations} == {"hebei-wmb"}
    assert len({one.meaning for one in receipt.relations}) == len(kinds)
    shown = with_surroundings(receipt, {"hebei-wmb": "河北省文明办"}.get, "http://search")
    assert shown.relations[0].office_name == "河北省文明办"
    assert shown.relations[0].page == f"http://search/bulletins/{other}"
    assert with_surroundings(receipt, lambda _: None, None).relations == receipt.relations


def test_a_searchable_bulletin_and_no_other_has_a_page():
    for reached, page in (("searchable", f"http://search/bulletins/{BULLETIN}"), ("withdrawn", None)):
        shown = with_surroundings(fold(FACTS, [word("search", reached)]), lambda _: None, "http://search")
        assert shown.links.get("page") == page


@pytest.mark.parametrize("operation", ["publish", "retract"])
@pytest.mark.parametrize("reached", get_args(State))
def test_a_clerk_is_told_what_happened_and_what_to_do_in_every_state(reached, operation):
    stage = {"accepted": "ingest", "extracted": "extract", "searchable": "search"}.get(reached, "normalize")
    receipt = fold(replace(FACTS, operation=operation), [] if reached == "accepted" else [word(stage, reached)])
    assert (receipt.state, receipt.detail.code) == (reached, reached)
    for told in (receipt.detail.message, receipt.detail.action):
        assert re.search("[\u4e00-\u9fff]", told)
        assert told.endswith("。")


def test_words_of_a_stage_come_before_those_of_its_state():
    detail = {"code": "nothing_to_withdraw", "message": "没有", "action": "核对"}
    assert fold(FACTS, [word("normalize", "repeated", detail=detail)]).detail.code == "nothing_to_withdraw"


@pytest.mark.parametrize("failed", ["dead_lettered", "dropped"])
@pytest.mark.parametrize("reached", ["searchable", "superseded", "withdrawn"])
def test_a_search_that_fails_at_a_reprocess_does_not_lower_what_it_had_reached(reached, failed):
    told = word("search", reached, refers_to=None if reached == "searchable" else OTHER)
    receipt = fold(FACTS, [told, word("search", failed, generation=2, minutes=9)])
    assert (receipt.state, receipt.refers_to) == (reached, told.refers_to)


@given(st.permutations([NOW, NOW + timedelta(seconds=1), NOW + timedelta(seconds=2)]))
def test_the_first_record_of_a_push_tells_when_it_was_received(moments):
    known = None
    for moment in moments:
        known = earlier(known, PushFacts(PUSH, BULLETIN, "hubei-wmb", "publish", "a.txt", moment))
    assert known.received_at == NOW


def test_the_later_word_of_a_stage_holds_and_an_older_one_read_again_does_not():
    dead, good = Word(word("normalize", "dead_lettered"), 3), Word(word("normalize", "normalized"), 7)
    assert later(later(None, dead), good) is good
    assert later(good, dead) is good


def test_an_index_that_is_rebuilt_does_not_bring_back_what_was_overtaken():
    gone = Word(word("search", "superseded"), 3)
    assert later(gone, Word(word("search", "searchable"), 9)) is gone
    assert (
        later(Word(word("search", "superseded"), 3), Word(word("search", "withdrawn"), 4)).status.state == "withdrawn"
    )


def test_a_record_read_again_puts_right_what_was_damaged_and_changes_nothing_else():
    said = Word(word("search", "searchable"), 5)
    damaged = Word(word("search", "withdrawn"), 5)
    assert later(damaged, said) is said
    known = Word(word("search", "searchable"), 5)
    assert later(known, said) is known
