"""Identities follow from what was pushed, and from nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jianbao_contracts import Declared, identity

PUSH: dict[str, Any] = {
    "bulletin": "hubei-wmb." + "b" * 32,
    "operation": "publish",
    "content_sha256": "c" * 64,
    "media_type": "text/plain",
    "charset": None,
    "declared": Declared(),
    "revert": False,
    "idempotency_key": None,
}
ALL_DECLARED = Declared(title="标题", published_on=date(2022, 5, 7), region="420000")
PINNED = """Ids of pushes changed: after an upgrade whatever is sent again would be a new push. Take the change back; do not
pin the new ids. A new field counts only where it is given: optional, and not in `_FIRST_DECLARED` of identity.py."""
CHANGES: list[dict[str, Any]] = [
    {"bulletin": "hubei-wmb." + "d" * 32},
    {"operation": "retract"},
    {"content_sha256": "d" * 64},
    {"media_type": "text/html"},
    {"charset": "gb18030"},
    {"declared": Declared(title="标题")},
    {"declared": Declared(published_on=date(2022, 5, 7))},
    {"declared": ALL_DECLARED},
    {"revert": True},
    {"idempotency_key": "again"},
]


def test_the_same_push_has_the_same_id_and_every_difference_makes_another() -> None:
    ids = [identity.push_id(**PUSH), *(identity.push_id(**{**PUSH, **change}) for change in CHANGES)]
    assert identity.push_id(**PUSH) == ids[0]
    assert len(set(ids)) == len(ids)


def test_ids_never_change_between_releases() -> None:
    assert identity.bulletin_id("hubei-wmb", "2017-01.html", "c" * 64) == "hubei-wmb.750d29f6cff0b7edece7b8c5ea4e3dbb"
    ids = [identity.push_id(**PUSH), identity.push_id(**{**PUSH, "declared": ALL_DECLARED})]
    assert ids == ["a4e504a0c5697d9f92615387510605c1", "e0553474b432994bd8fc724dd0ba7717"], PINNED


def test_a_fact_that_can_be_declared_one_day_changes_no_id_until_it_is() -> None:
    class Later(Declared):
        grade: str | None = None

    assert identity.push_id(**{**PUSH, "declared": Later()}) == identity.push_id(**PUSH), PINNED
    assert identity.push_id(**{**PUSH, "declared": Later(grade="内部")}) != identity.push_id(**PUSH)


def test_declarations_are_told_apart_by_every_fact() -> None:
    declared = [Declared(), Declared(title="标题"), Declared(published_on=date(2022, 5, 7)), Declared(region="420000")]
    assert len({identity.declaration_id(one) for one in declared}) == len(declared)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_document_id_never_meets_a_content_hash(document: str, other: str) -> None:
    by_document = identity.bulletin_id("a", document, other)
    assert by_document == identity.bulletin_id("a", document, "whatever")
    assert by_document != identity.bulletin_id("a", None, document)
    assert identity.office_of(by_document) == "a"


@given(st.integers(1, 10**6), st.integers(1, identity.GENERATIONS - 1), st.integers(1, identity.GENERATIONS - 1))
def test_a_later_revision_outranks_any_generation_of_an_earlier_one(revision: int, one: int, other: int) -> None:
    assert identity.index_version(revision, one) < identity.index_version(revision + 1, other)
    assert identity.index_version(revision, one) < identity.index_version(revision, one + 1)
