"""A push is in the state that its furthest source has it in; in none if no source has it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jianbao_contracts import identity
from jianbao_search.domain.words import Revision
from jianbao_standalone.audit.equation import equation
from jianbao_standalone.audit.facts import Push
from jianbao_standalone.audit.sources import Held
from jianbao_standalone.audit.states import Standing, standing

BULLETIN = f"hubei-wmb.{0:032x}"
DAY = date(2026, 11, 22)


def push(**facts: Any) -> Push:
    return Push("p1", BULLETIN, "hubei-wmb", DAY, "2026-11-22T08:00:00Z", ("bulletins.raw", 0), **facts)


def revision(number: int, push_id: str = "p1", operation: Any = "publish") -> Revision:
    return Revision(number, 1, operation, push_id, "2026-11-22T08:00:00Z")


def held(number: int, *, withdrawn: bool = False) -> Held:
    return Held(BULLETIN, identity.index_version(number, 1), withdrawn, 2, 2)


READ = {"read": True, "verdict": "revision", "revision": 1}
NORMALIZED = {**READ, "normalized": "read"}
EXTRACTED = {**NORMALIZED, "extracted": "read"}
ONE, TWO, GONE = revision(1), revision(2, "p2"), revision(2, "p2", "retract")

TABLE: dict[str, tuple[dict[str, Any], tuple[Revision, ...], Held | None, str | None, str]] = {
    "nobody has read it": ({}, (), None, "accepted", "ingest"),
    "decided, and not yet told": ({"verdict": "repeated"}, (), None, "accepted", "ingest"),
    "repeated": ({**READ, "verdict": "repeated"}, (), None, "repeated", "normalize"),
    "rejected": ({**READ, "verdict": "rejected"}, (), None, "rejected", "normalize"),
    "overtaken before it was read": ({**READ, "verdict": "superseded"}, (), None, "superseded", "normalize"),
    "read and gone": ({"read": True}, (), None, None, "normalize"),
    "decided and gone": (READ, (), None, None, "normalize"),
    "a dead letter of normalize": ({**READ, "letters": {"normalize": "open"}}, (), None, "dead_lettered", "normalize"),
    "dropped": ({**READ, "letters": {"normalize": "dropped"}}, (), None, "dropped", "normalize"),
    "sent back, on its way": (
        {**READ, "letters": {"normalize": "replayed"}, "retried": frozenset({"normalize"})}, (), None,
        "dead_lettered", "normalize",
    ),
    "sent back and gone": ({**READ, "letters": {"normalize": "replayed"}}, (), None, None, "normalize"),
    "sent back and overtaken": (
        {**READ, "verdict": "superseded", "letters": {"normalize": "replayed"}}, (), None, "superseded", "normalize"
    ),
    "before extract": ({**READ, "normalized": "waiting"}, (), None, "normalized", "normalize"),
    "extract has read it, and gone": (NORMALIZED, (), None, None, "extract"),
    "a dead letter of extract": ({**NORMALIZED, "letters": {"extract": "open"}}, (), None, "dead_lettered", "extract"),
    "before the indexer": ({**NORMALIZED, "extracted": "waiting"}, (), None, "extracted", "extract"),
    "stored, and not yet indexed": ({**NORMALIZED, "extracted": "waiting"}, (ONE,), None, "extracted", "extract"),
    "searchable": (EXTRACTED, (ONE,), held(1), "searchable", "search"),
    "searchable after a dead letter": ({**EXTRACTED, "letters": {"search": "replayed"}}, (ONE,), held(1), "searchable", "search"),
    "a dead letter of search": ({**EXTRACTED, "letters": {"search": "open"}}, (), None, "dead_lettered", "search"),
    "not in the index": (EXTRACTED, (ONE,), None, None, "search"),
    "not among the revisions": (EXTRACTED, (), held(1), None, "search"),
    "superseded": (EXTRACTED, (ONE, TWO), held(2), "superseded", "search"),
    "superseded by what is in the index alone": (EXTRACTED, (ONE,), held(2), "superseded", "search"),
    "withdrawn by the next": (EXTRACTED, (ONE, GONE), held(2, withdrawn=True), "withdrawn", "search"),
    "a retraction": (EXTRACTED, (revision(1, operation="retract"),), held(1, withdrawn=True), "withdrawn", "search"),
    "the index is ahead of the log": (EXTRACTED, (ONE,), held(7), "searchable", "search"),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "stored", "index", "state", "stage"), TABLE.values(), ids=TABLE.keys())
def test_state(
    facts: dict[str, Any], stored: tuple[Revision, ...], index: Held | None, state: str | None, stage: str
) -> None:
    found = standing(push(**facts), stored, index, identity.index_version(2, 1))
    assert (found.state, found.stage, found.second) == (state, stage, None)


def test_a_push_that_was_refused_and_published_is_in_two_states_and_the_equation_does_not_hold() -> None:
    one = push(**{**EXTRACTED, "verdict": "rejected"})
    found = standing(one, (ONE,), held(1), identity.index_version(1, 1))
    assert (found.state, found.second) == ("searchable", "rejected")
    (row,) = equation([(one, found)])
    assert (row.accepted, row.difference) == (1, -1)


def test_the_equation_holds_day_by_day_and_office_by_office() -> None:
    lost = Standing(None, "extract")
    rows = equation(
        [(push(), Standing("accepted", "ingest")), (push(), lost), (push(), Standing("searchable", "search"))]
    )
    assert [(row.accepted, row.difference, row.row()["day"]) for row in rows] == [(3, 1, "2026-11-22")]


def test_a_revision_stored_before_its_indexing_failed_may_be_told_dropped_or_superseded() -> None:
    one = push(**{**EXTRACTED, "letters": {"search": "dropped"}})
    found = standing(one, (ONE, TWO), held(2), identity.index_version(2, 1))
    assert found.state == "superseded"
    assert "dropped" in found.also
