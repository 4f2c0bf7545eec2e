"""Which revision enters the index, and what is then true of which push."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jianbao_search.domain.admission import admit
from jianbao_search.domain.head import Head, head_from_json


def told(admission) -> list[tuple[str, int, str]]:
    return [(word.push_id, word.revision, word.state) for word in admission.words]


def test_a_first_revision_is_searchable(make):
    event = make("标题\n正文")
    assert told(admit(None, event)) == [(event.push_id, 1, "searchable")]


def test_a_next_revision_makes_the_one_before_superseded(make):
    first, second = make("标题\n正文"), make("标题\n改过", revision=2)
    head = admit(None, first).head
    assert told(admit(head, second)) == [(second.push_id, 2, "searchable"), (first.push_id, 1, "superseded")]


def test_a_replay_says_the_same_and_keeps_the_head(make):
    first, second = make("标题\n正文"), make("标题\n改过", revision=2)
    once = admit(admit(None, first).head, second)
    again = admit(once.head, second)
    assert again == once


def test_a_late_revision_writes_nothing_and_is_superseded_by_the_head(make):
    first, second = make("标题\n正文"), make("标题\n改过", revision=2)
    late = admit(admit(None, second).head, first)
    assert late.head is None
    assert told(late) == [(first.push_id, 1, "superseded")]
    assert late.words[0].refers_to == second.push_id


def test_an_older_generation_of_the_living_revision_does_not_call_it_superseded(make):
    event = make("标题\n正文", generation=3)
    late = admit(admit(None, event).head, make("标题\n正文", generation=2))
    assert late.head is None
    assert told(late) == [(event.push_id, 1, "searchable")]


def test_a_reprocess_still_knows_which_push_was_replaced(make):
    first, second = make("标题\n正文"), make("标题\n改过", revision=2)
    head = admit(admit(None, first).head, second).head
    reprocessed = admit(head, make("标题\n改过", revision=2, generation=2))
    assert told(reprocessed) == [(second.push_id, 2, "searchable"), (first.push_id, 1, "superseded")]


def test_a_retraction_withdraws_its_own_push_and_the_living_one(make):
    first, gone = make("标题\n正文"), make("", revision=2, operation="retract")
    withdrawn = admit(admit(None, first).head, gone)
    assert withdrawn.head.withdrawn
    assert told(withdrawn) == [(gone.push_id, 2, "withdrawn"), (first.push_id, 1, "withdrawn")]
    assert all(word.code == "withdrawn" for word in withdrawn.words)


def test_what_was_withdrawn_is_still_withdrawn_when_its_own_record_comes_again(make):
    first, gone = make("标题\n正文"), make("", revision=2, operation="retract")
    head = admit(admit(None, first).head, gone).head
    assert told(admit(head, first)) == [(first.push_id, 1, "withdrawn")]


def test_publishing_again_after_a_retraction_replaces_nobody(make):
    gone, back = make("", revision=2, operation="retract"), make("标题\n正文", revision=3)
    assert told(admit(admit(None, gone).head, back)) == [(back.push_id, 3, "searchable")]


def test_a_corrected_original_keeps_its_place_before_its_copies(make):
    first = make("标题\n正文", sequence=4)
    corrected = admit(admit(None, first).head, make("标题\n改过", revision=2, sequence=90)).head
    assert corrected.sequence == 4


def test_a_head_survives_being_stored(make):
    head = admit(admit(None, make("甲\n乙")).head, make("甲\n丙", revision=2)).head
    assert head_from_json(head.to_json()) == head


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2)), min_size=1, max_size=12))
def test_however_records_come_the_highest_version_wins(make, order):
    head: Head | None = None
    for revision, generation in order:
        head = admit(head, make("标题", revision=revision, generation=generation)).head or head
    assert head is not None
    assert (head.revision, head.generation) == max(order)
