"""Sending many pushes and following them, against an ingest that only plays its part."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jianbao_contracts import Receipt, identity, notices
from jianbao_standalone.clients import CHOSEN_AT_ONCE, Accepted, RefusedError, UnreachableError
from jianbao_standalone.pushing import courier as couriers
from jianbao_standalone.pushing.courier import Courier
from jianbao_standalone.pushing.items import PushItem
from jianbao_standalone.pushing.rows import FAILED, STATE_NAMES, Row, summary
from jianbao_streaming.clock import SystemClock

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WORDS = ("accepted", "normalized", "extracted", "searchable")


class PlayedIngest:
    """Takes pushes; each look at a push's receipt finds it one stage further. Safe for several threads."""

    def __init__(self, **refusals: RefusedError | OSError | UnreachableError) -> None:
        self.refusals = refusals
        self.order: list[str] = []
        self.looks: list[int] = []
        self.stage: dict[str, int] = {}
        self.guard = threading.Lock()
        self.last_word = "searchable"

    def push(self, item: PushItem, *, revert: bool = False) -> Accepted:
        with self.guard:
            if refusal := self.refusals.get(item.document_id.partition(".")[0]):
                raise refusal
            self.order.append(f"{item.document_id}#{item.source}")
            push_id = identity._short_hash(item.document_id, item.source)
            self.stage[push_id] = 0
        return Accepted(push_id, identity.bulletin_id(item.office, item.document_id, ""))

    def chosen(self, push_ids: Sequence[str]) -> list[Receipt]:
        assert len(push_ids) <= CHOSEN_AT_ONCE
        self.looks.append(len(push_ids))
        found = []
        for push_id in push_ids:
            self.stage[push_id] = min(self.stage[push_id] + 1, 3)
            state = WORDS[self.stage[push_id]]
            found.append(receipt(push_id, self.last_word if state == "searchable" else state))
        return found


def receipt(push_id: str, state: str) -> Receipt:
    return Receipt(
        push_id=push_id,
        bulletin_id=f"o.{'0' * 32}",
        office="o",
        operation="publish",
        source="a",
        state=state,
        final=state not in WORDS[:3],
        received_at=NOW,
        updated_at=NOW + timedelta(seconds=2),
        detail=notices.detail_of_state(state, "publish"),
    )


def refusal(code: str, status: int = 422) -> RefusedError:
    return RefusedError(status, {"code": code, "title": "题", "detail": "因", "action": "法"})


def rows(*documents: str, office: str = "o") -> list[Row]:
    """One row a document id; what stands behind # tells pushes of one document apart."""
    parts = (document.partition("#") for document in documents)
    return [Row(PushItem(document, office, path=Path(source or "a.txt"))) for document, _, source in parts]


def run(courier_rows: list[Row], ingest: PlayedIngest, *, wait: bool = True, lanes: int = 4) -> list[str]:
    """Run over the rows; return the states that were told, in order."""
    told: list[str] = []
    courier = Courier(
        courier_rows, {"o": ingest}, SystemClock(), lambda number, row: told.append(row.state), lanes=lanes
    )
    assert courier.run(wait=wait)
    return told


def test_every_change_of_state_is_told_and_the_last_one_stands(monkeypatch):
    one = rows("a")
    assert run(one, PlayedIngest()) == ["accepted", "normalized", "extracted", "searchable"]
    assert (one[0].state, one[0].seconds, len(one[0].push_id)) == ("searchable", 2.0, 32)


def test_without_waiting_it_ends_once_everything_is_sent():
    ingest = PlayedIngest()
    assert run(rows("a", "b"), ingest, wait=False) == ["accepted", "accepted"]
    assert ingest.looks == []


def test_pushes_of_one_document_keep_their_order_whatever_the_lanes():
    ingest = PlayedIngest()
    run(rows(*(f"{number % 7}#{number}" for number in range(140))), ingest, wait=False)
    for document in range(7):
        sent = [int(one.partition("#")[2]) for one in ingest.order if one.startswith(f"{document}#")]
        assert sent == sorted(sent)
    assert len(ingest.order) == 140


def test_receipts_of_thousands_take_as_many_requests_as_there_are_hundreds():
    ingest = PlayedIngest()
    many = rows(*(str(number) for number in range(2000)))
    run(many, ingest)
    assert {row.state for row in many} == {"searchable"}
    assert sum(ingest.looks) <= 3 * 2000
    assert len(ingest.looks) <= 3 * 2000 / CHOSEN_AT_ONCE + 200  # and some that were not full, while sending went on


def test_what_is_refused_or_unreadable_does_not_keep_the_others_back():
    ingest = PlayedIngest(big=refusal("too_large", 413), gone=FileNotFoundError(2, "No such file"))
    some = rows("big.txt", "a.txt", "gone.txt", "b.txt")
    run(some, ingest)
    assert [row.state for row in some] == ["refused", "searchable", "refused", "searchable"]
    assert [row.code for row in some if row.state == "refused"] == ["too_large", "unreadable_file"]
    assert some[0].record()["problem"]["code"] == "too_large"
    assert all(row.failed for row in some if row.state == "refused")


def test_a_key_that_is_refused_ends_the_sending_at_once():
    every = {str(number): refusal("unknown_key", 401) for number in range(50)}
    some = rows(*every)
    run(some, PlayedIngest(**every), lanes=1)
    assert [row.state for row in some] == ["refused", *["unsent"] * 49]


def test_an_ingest_that_is_gone_leaves_the_rest_unsent():
    some = rows("a.1", "b.1", "c.1")
    with pytest.raises(UnreachableError):
        run(some, PlayedIngest(b=UnreachableError("gone")), lanes=1)
    assert [row.state for row in some] == ["accepted", "unsent", "unsent"]


def test_patience_ends_where_nothing_changes(monkeypatch):
    monkeypatch.setattr(couriers, "PATIENCE_S", 0.0)
    ingest = PlayedIngest()
    ingest.chosen = lambda push_ids: []  # type: ignore[method-assign]
    some = rows("a")
    assert not Courier(some, {"o": ingest}, SystemClock(), lambda *_: None).run(wait=True)
    assert some[0].on_the_way


def test_a_last_look_tells_what_later_pushes_did_to_earlier_ones():
    ingest = PlayedIngest()
    some = rows("a", "b")
    courier = Courier(some, {"o": ingest}, SystemClock(), lambda *_: None)
    courier.run(wait=True)
    ingest.last_word = "superseded"
    courier.look_again()
    assert [row.state for row in some] == ["superseded"] * 2
    assert some[0].seconds == 2.0


def test_every_state_has_a_name_and_the_summary_counts_them():
    assert set(STATE_NAMES) >= FAILED
    many = [*rows("a", "b"), Row(PushItem("c", "o"), state="searchable")]
    assert summary(many) == "3 pushes: 2 unsent（未发送）, 1 searchable（可检索）"
