"""Receipts over HTTP, from the topics through the receipts process to the answer."""

from __future__ import annotations

import random
import threading
from datetime import timedelta

import pytest

from jianbao_contracts import Receipt, Relation, topics
from jianbao_ingest.adapters.search_page import SearchPage
from jianbao_ingest.adapters.sqlite_receipts import SqliteReceipts
from jianbao_ingest.api import reading
from jianbao_ingest.domain.cursors import read_since
from jianbao_ingest.handler import ReceiptsHandler
from jianbao_streaming import Emit, InvalidEvent, Record
from jianbao_streaming.process import announce
from jianbao_streaming.repairs import rewrite
from jianbao_streaming.sqlite import DATABASE, connect


def receipt_of(ingest, push):
    answer = ingest.get(push["receipt"])
    assert answer.status_code == 200, answer.text
    return Receipt.model_validate(answer.json())


def test_a_receipt_follows_its_push_through_the_stages(ingest):
    push = ingest.push("正文".encode(), document_id="a", source="a.txt").json()
    ingest.keep_receipts()
    assert receipt_of(ingest, push).state == "accepted"
    for stage, state in (("normalize", "normalized"), ("extract", "extracted"), ("search", "searchable")):
        ingest.say(push, stage, state, revision=1)
        ingest.keep_receipts()
        assert receipt_of(ingest, push).state == state
    receipt = receipt_of(ingest, push)
    assert (receipt.final, receipt.revision, receipt.source) == (True, 1, "a.txt")
    ingest.say(push, "search", "superseded", revision=1, refers_to="9" * 32)
    ingest.keep_receipts()
    assert receipt_of(ingest, push).state == "superseded"


def test_words_that_come_before_their_push_are_not_lost(ingest):
    push = ingest.push(b"x").json()
    words = [ingest.say(push, "normalize", "normalized"), ingest.say(push, "extract", "extracted")]
    reader = ingest.engine.log.reader([topics.STATUS])
    ingest.handler(reader.poll(500, 0))  # the raw topic, read on its own, comes later
    ingest.keep_receipts()
    receipt = receipt_of(ingest, push)
    assert receipt.state == "extracted"
    assert receipt.statuses[1:] == words
    assert ingest.get("/v1/receipts", state="extracted").json()["receipts"][0]["push_id"] == push["push_id"]


def test_a_get_right_after_the_202_waits_for_the_receipts_process(ingest):
    push = ingest.push(b"x").json()
    asked, looked = threading.Event(), ingest.client.look_at_progress()
    answers = []

    def ask():
        asked.set()
        answers.append(ingest.get(push["receipt"]))

    asking = threading.Thread(target=ask)
    asking.start()
    assert asked.wait(5)
    assert looked.wait(5), "it asks how far the receipts are, since the push is not among them"
    ingest.keep_receipts()
    asking.join(10)
    assert [answer.status_code for answer in answers] == [200]


def test_an_id_that_no_push_has_is_404_once_the_receipts_have_caught_up(ingest):
    ingest.push(b"x")
    ingest.keep_receipts()
    for unknown in ("0" * 32, "nonsense", "%00", "密"):
        answer = ingest.get(f"/v1/receipts/{unknown}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_receipt")
    answer = ingest.get(f"/v1/bulletins/hubei-wmb.{'0' * 32}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_bulletin")


def test_while_the_receipts_are_behind_nobody_is_told_that_a_push_is_unknown(ingest, monkeypatch):
    monkeypatch.setattr(reading, "WAIT_S", 0.0)
    push = ingest.push(b"x").json()
    answer = ingest.get(push["receipt"])
    assert (answer.status_code, answer.json()["code"]) == (503, "receipts_behind")
    assert int(answer.headers["retry-after"]) > 0


def test_reading_the_topics_again_in_any_order_changes_nothing(ingest, tmp_path):
    pushes = [ingest.push(str(n).encode(), document_id=str(n % 3)).json() for n in range(6)]
    for push in pushes:
        ingest.say(push, "normalize", "dead_lettered")
        ingest.say(push, "normalize", "normalized", at=ingest.raw()[0].received_at + timedelta(seconds=5))
        ingest.say(push, "search", "searchable")
        ingest.say(push, "search", "withdrawn")
    ingest.keep_receipts()
    before = ingest.get("/v1/receipts").json()
    assert {receipt["state"] for receipt in before["receipts"]} == {"withdrawn"}
    reader = ingest.engine.log.reader([topics.STATUS, topics.RAW])
    records = [record for _ in range(2) for record in reader.poll(500, 0)]
    shuffled = random.Random(7).sample(records, len(records))
    ingest.handler(shuffled)
    assert ingest.get("/v1/receipts").json() == before
    other = ReceiptsHandler(SqliteReceipts(connect(tmp_path / DATABASE)))
    for record in shuffled:
        other([record])
    rebuilt = other._receipts.receipts("hubei-wmb", since=None, states=(), before=None, most=50)
    assert [receipt.model_dump(mode="json") for receipt in rebuilt] == before["receipts"]


def test_an_unreadable_record_spoils_no_other(ingest):
    push = ingest.push(b"x").json()
    ingest.engine.log.append([Record(topics.STATUS, b"k", b"no json"), Record(topics.STATUS, b"k", None)])
    ingest.say(push, "normalize", "normalized")
    outcomes = ingest.handler(ingest.engine.log.reader([topics.STATUS, topics.RAW]).poll(500, 0))
    assert [isinstance(outcome, InvalidEvent) for outcome in outcomes][:3] == [True, True, False]
    ingest.keep_receipts()
    assert receipt_of(ingest, push).state == "normalized"


def test_a_resend_keeps_the_time_of_the_first_push(ingest):
    first = ingest.push(b"x").json()
    ingest.push(b"x")
    ingest.keep_receipts()
    assert len(ingest.raw()) == 2
    assert receipt_of(ingest, first).received_at == min(raw.received_at for raw in ingest.raw())


def test_an_office_pages_through_its_receipts_latest_first(ingest):
    pushed = [ingest.push(str(n).encode()).json()["push_id"] for n in range(7)]
    ingest.keep_receipts()
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        page = ingest.get("/v1/receipts", size="3", cursor=cursor).json()
        seen += [receipt["push_id"] for receipt in page["receipts"]]
        cursor = page["cursor"]
        pages += 1
    assert (seen, pages) == (pushed[::-1], 3)


def test_receipts_are_filtered_by_state_and_time(ingest):
    first, second = ingest.push(b"1").json(), ingest.push(b"2").json()
    ingest.say(first, "normalize", "rejected")
    ingest.keep_receipts()

    def found(**query):
        return [receipt["push_id"] for receipt in ingest.get("/v1/receipts", **query).json()["receipts"]]

    assert found(state="rejected") == [first["push_id"]]
    ingest.say(second, "normalize", "normalized")
    ingest.keep_receipts()
    assert (found(state="normalized"), found(state="accepted")) == ([second["push_id"]], [])
    assert set(found(state="rejected,normalized")) == {first["push_id"], second["push_id"]}
    moment = receipt_of(ingest, second).received_at
    assert found(since=moment.isoformat()) == [second["push_id"]]
    beijing = moment.isoformat().replace("+00:00", " 00:00")  # what becomes of an unescaped + in a URL
    assert found(since=beijing) == [second["push_id"]]
    assert found(since="2999-01-01") == []


@pytest.mark.parametrize(
    "query",
    [
        {"since": "gestern"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"since": "2022-02-30"},
        {"since": "2022-05-07T24:00:00Z"},
        {"since": "2022-05-07T08:00:61Z"},
        {"since": "2022-W18-6"},
        {"since": "20220507"},
        {"since": "２０２２-05-07"},
        {"state": "accepted,SEARCHABLE"},
        {"cursor": "/" * 5000},
        {"state": "fertig"},
        {"size": "0"},
        {"size": "201"},
        {"size": "²"},
        {"cursor": "x"},
        {"cursor": "密"},
        {"cursor": "bm8gZGF0ZQ=="},
    ],
)
def test_a_wrong_filter_is_named(ingest, query):
    answer = ingest.get("/v1/receipts", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_field")
    assert answer.json()["errors"][0]["field"] == next(iter(query))


def test_a_bulletin_lists_its_pushes_and_revisions(ingest):
    first = ingest.push("一".encode(), document_id="a").json()
    second = ingest.push("二".encode(), document_id="a").json()
    late = ingest.push("一".encode(), {"Idempotency-Key": "k"}, document_id="a").json()
    ingest.say(first, "normalize", "normalized", revision=1)
    ingest.say(first, "search", "superseded", revision=1, refers_to=second["push_id"])
    ingest.say(second, "normalize", "normalized", revision=2)
    ingest.say(late, "normalize", "repeated", revision=1, refers_to=first["push_id"])
    ingest.keep_receipts()
    body = ingest.get(f"/v1/bulletins/{first['bulletin_id']}").json()
    assert [push["push_id"] for push in body["pushes"]] == [one["push_id"] for one in (late, second, first)]
    assert [one.pop("received_at") for one in body["revisions"]] == [
        push["received_at"] for push in (body["pushes"][2], body["pushes"][1])
    ]
    assert body["revisions"] == [
        {"revision": 1, "push_id": first["push_id"], "operation": "publish", "state": "superseded"},
        {"revision": 2, "push_id": second["push_id"], "operation": "publish", "state": "normalized"},
    ]
    assert body["cursor"] is None


def test_a_bulletin_pushed_very_often_is_listed_page_by_page(ingest, monkeypatch):
    monkeypatch.setattr(reading, "MOST_PUSHES", 2)
    pushed = [ingest.push(str(n).encode(), document_id="a").json() for n in range(5)]
    for number, push in enumerate(pushed, 1):
        ingest.say(push, "normalize", "normalized", revision=number)
    ingest.keep_receipts()
    path = f"/v1/bulletins/{pushed[0]['bulletin_id']}"
    pages = [ingest.get(path).json()]
    while cursor := pages[-1]["cursor"]:
        pages.append(ingest.get(path, cursor=cursor).json())
    assert [[one["revision"] for one in page["revisions"]] for page in pages] == [[4, 5], [2, 3], [1]]
    assert ingest.get(path, cursor="x").json()["errors"][0]["field"] == "cursor"


def test_receipts_of_some_pushes_are_asked_for_in_one_request(ingest):
    pushed = [ingest.push(str(n).encode()).json()["push_id"] for n in range(4)]
    ingest.key = "hebei-key"
    foreign = ingest.push(b"x").json()["push_id"]
    ingest.key = "hubei-key"
    ingest.keep_receipts()
    late = ingest.push(b"not read yet").json()["push_id"]
    wanted = [pushed[2], "0" * 32, foreign, pushed[0], "nonsense", late, pushed[2]]
    body = ingest.get("/v1/receipts", push_id=",".join(wanted)).json()
    assert [one["push_id"] for one in body["receipts"]] == [pushed[2], pushed[0]]
    assert body["cursor"] is None
    path = f"/v1/receipts?push_id={pushed[1]}&push_id={pushed[3]}"
    answer = ingest.client.request("GET", path, headers=ingest.headers())
    assert [one["push_id"] for one in answer.json()["receipts"]] == [pushed[1], pushed[3]]


@pytest.mark.parametrize(
    "query", [{"push_id": ",".join(f"{n:032}" for n in range(101))}, {"push_id": "0" * 32, "state": "accepted"}]
)
def test_too_many_pushes_at_once_or_mixed_with_filters_are_refused(ingest, query):
    answer = ingest.get("/v1/receipts", **query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "push_id")


def test_a_receipt_names_offices_and_leads_to_the_search_page_once_that_is_known(ingest):
    push = ingest.push(b"x").json()
    other = Relation(bulletin_id=f"hebei-wmb.{'0' * 32}", revision=1, source="b.txt", relation="exact", similarity=1.0)
    ingest.say(push, "normalize", "normalized", relations=[other])
    ingest.say(push, "search", "searchable")
    ingest.keep_receipts()
    before = receipt_of(ingest, push)
    assert set(before.links) == {"self", "bulletin"}
    assert (before.relations[0].office, before.relations[0].office_name) == ("hebei-wmb", "hebei-wmb")
    announce(ingest.data, "search-api", "127.0.0.1", 8401)
    after = receipt_of(ingest, push)
    assert after.links["page"] == f"http://127.0.0.1:8401/bulletins/{push['bulletin_id']}"
    assert after.relations[0].page == f"http://127.0.0.1:8401/bulletins/hebei-wmb.{'0' * 32}"
    assert ingest.get("/v1/receipts").json()["receipts"][0]["links"] == after.links
    assert ingest.get(after.links["bulletin"]).json()["pushes"][0]["links"] == after.links


def test_the_address_of_the_search_page_may_be_set(tmp_path):
    announce(tmp_path, "search-api", "127.0.0.1", 8401)
    assert SearchPage(tmp_path, "https://search.example/").address() == "https://search.example"
    assert SearchPage(tmp_path).address() == "http://127.0.0.1:8401"
    assert SearchPage(tmp_path / "nowhere").address() is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2022-05-07", "2022-05-06T16:00:00+00:00"),
        ("2022-05-07T08:00:00Z", "2022-05-07T08:00:00+00:00"),
        ("2022-05-07t08:00:00z", "2022-05-07T08:00:00+00:00"),
        ("2022-05-07 08:00:00+08:00", "2022-05-07T00:00:00+00:00"),
        ("2022-05-07T08:00:00 08:00", "2022-05-07T00:00:00+00:00"),
        ("2022-05-07T08:00:00-00:00", "2022-05-07T08:00:00+00:00"),
        ("2022-05-07T08:00:00.5-03:30", "2022-05-07T11:30:00.500000+00:00"),
        ("2022-05-07T08:00:00.123456789Z", "2022-05-07T08:00:00.123456+00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ("2022-05-07T08:00", "2022-05-07T00:00:00+00:00"),
        ("2022-05-07T08:00:00", "2022-05-07T00:00:00+00:00"),
    ],
)
def test_since_is_read_in_every_form_of_rfc_3339_and_without_a_zone_as_beijing_s(written, moment):
    assert read_since(written).isoformat() == moment


def test_a_repair_puts_a_lost_receipt_and_damaged_words_right(ingest):
    push = ingest.push("正文".encode(), document_id="a").json()
    ingest.say(push, "normalize", "normalized", revision=1)
    ingest.say(push, "search", "searchable", revision=1)
    ingest.keep_receipts()
    before = receipt_of(ingest, push)
    connection = connect(ingest.data / DATABASE)
    connection.execute("DELETE FROM ingest_push")
    connection.execute("UPDATE ingest_word SET status = CAST(replace(CAST(status AS TEXT), 'able', 'ing') AS BLOB)")
    connection.execute(
        "UPDATE ingest_word SET status = CAST(replace(CAST(status AS TEXT), 'searching', 'dropped') AS BLOB)"
    )
    connection.close()
    reader = ingest.engine.log.reader([topics.RAW, topics.STATUS])
    repairs = [rewrite(record, "receipts") for _ in range(2) for record in reader.poll(500, 0)]
    reader.close()
    ingest.engine.log.append(repairs)
    reader = ingest.engine.log.reader([topics.retries_of("receipts")])
    assert [type(outcome) for outcome in ingest.handler(reader.poll(500, 0))] == [Emit] * 3
    reader.close()
    assert receipt_of(ingest, push) == before
