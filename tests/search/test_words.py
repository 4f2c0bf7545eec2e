"""What search says of which push; the last word must not depend on how often and in which order records are read."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jianbao_search.domain.words import Revision, words_on


def revision(number: int, operation: str = "publish") -> Revision:
    return Revision(number, 1, operation, f"push-{number}", "2026-11-22T08:00:00+00:00")


def said(
    own: Revision, before: Revision | None = None, after: Revision | None = None
) -> list[tuple[str, str, str | None]]:
    return [(word.push_id, word.state, word.refers_to) for word in words_on(own, before, after)]


def test_a_revision_without_a_next_one_is_searchable():
    assert said(revision(1)) == [("push-1", "searchable", None)]


def test_a_next_revision_supersedes_and_a_retraction_withdraws():
    assert said(revision(2), revision(1)) == [("push-2", "searchable", None), ("push-1", "superseded", "push-2")]
    gone = revision(2, "retract")
    assert said(gone, revision(1)) == [("push-2", "withdrawn", None), ("push-1", "withdrawn", "push-2")]


def test_a_late_revision_knows_what_came_after_it():
    assert said(revision(1), None, revision(2)) == [("push-1", "superseded", "push-2")]
    assert said(revision(1), None, revision(2, "retract")) == [("push-1", "withdrawn", "push-2")]


def test_a_retraction_stays_one_when_the_bulletin_is_published_again():
    gone = revision(2, "retract")
    assert said(revision(3), gone) == [("push-3", "searchable", None), ("push-2", "withdrawn", None)]
    assert said(gone, revision(1), revision(3))[0] == ("push-2", "withdrawn", None)


@given(st.lists(st.sampled_from(["publish", "retract"]), min_size=1, max_size=6), st.data())
def test_any_order_with_any_repeats_ends_with_the_same_last_words(operations, data):
    history = [revision(number, operation) for number, operation in enumerate(operations, 1)]
    first_time = data.draw(st.permutations(history))
    again = data.draw(st.lists(st.sampled_from(history), max_size=10))
    stored: dict[int, Revision] = {}
    last: dict[str, str] = {}
    for own in [*first_time, *again]:
        stored[own.revision] = own
        before = max((n for n in stored if n < own.revision), default=None)
        after = min((n for n in stored if n > own.revision), default=None)
        for word in words_on(own, stored.get(before or 0), stored.get(after or 0)):
            last[word.push_id] = word.state
    expected = {
        one.push_id: "superseded" if then.operation == "publish" else "withdrawn" for one, then in pairwise(history)
    }
    expected[history[-1].push_id] = "searchable"
    expected |= {one.push_id: "withdrawn" for one in history if one.operation == "retract"}
    assert last == expected
