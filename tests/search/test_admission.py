"""Which revision enters the index."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jianbao_search.domain.admission import admit
from jianbao_search.domain.head import Head, head_from_json


def test_a_replay_keeps_the_head_as_it_is(make):
    once = admit(admit(None, make("标题\n正文")), make("标题\n改过", revision=2))
    assert admit(once, make("标题\n改过", revision=2)) == once


def test_a_late_revision_or_generation_writes_nothing(make):
    assert admit(admit(None, make("标题\n改过", revision=2)), make("标题\n正文")) is None
    assert admit(admit(None, make("标题\n正文", generation=3)), make("标题\n正文", generation=2)) is None


def test_a_retraction_leaves_a_mark(make):
    assert admit(admit(None, make("标题\n正文")), make("", revision=2, operation="retract")).withdrawn


def test_a_corrected_original_keeps_its_place_before_its_copies(make):
    first = make("标题\n正文", sequence=4)
    assert admit(admit(None, first), make("标题\n改过", revision=2, sequence=90)).sequence == 4


def test_a_head_survives_being_stored(make):
    head = admit(admit(None, make("甲\n乙")), make("甲\n丙", revision=2))
    assert head_from_json(head.to_json()) == head


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2)), min_size=1, max_size=12))
def test_however_records_come_the_highest_version_wins(make, order):
    head: Head | None = None
    for revision, generation in order:
        head = admit(head, make("标题", revision=revision, generation=generation)) or head
    assert head is not None
    assert (head.revision, head.generation) == max(order)
