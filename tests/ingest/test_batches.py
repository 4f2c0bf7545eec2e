"""Pushing many at once: one answer an item, and no item spoils another."""

from __future__ import annotations

import base64
import json

import pytest

from jianbao_contracts import identity
from jianbao_ingest.api import batches


def test_every_item_has_its_own_answer(ingest):
    answer = ingest.batch(
        {"document_id": "a", "content": "第一篇", "title": "一", "source": "a.txt"},
        b'{"document_id": "b", "content": "\\ud800"}',
        {"document_id": "c", "content": "含\0空"},
        b"",
        ["no object"],
        {"document_id": "d", "content_base64": base64.b64encode("第二篇".encode("gb18030")).decode(), "charset": "GBK"},
        {"document_id": "e"},
        {"document_id": "f", "content": ""},
        {"document_id": "g", "content": "x", "content_base64": "eA=="},
        {"document_id": "h", "content_base64": "???"},
        {"document_id": "i", "content": "x", "published_on": "昨天"},
        {"operation": "retract", "document_id": "a", "reason": "误报"},
        {"operation": "retract", "bulletin_id": f"hebei-wmb.{'0' * 32}"},
        {"operation": "retract"},
        b'{"document_id": "j", "content": "\xff"}',
    )
    assert answer.status_code == 207
    body = answer.json()
    codes = [item["problem"] and item["problem"]["code"] for item in body["items"]]
    assert codes == [
        None,
        "bad_json",
        "nul_character",
        "not_an_object",
        None,
        "missing_content",
        "empty_body",
        "two_contents",
        "bad_base64",
        "bad_field",
        None,
        "foreign_bulletin",
        "missing_bulletin",
        "bad_json",
    ]
    assert [item["index"] for item in body["items"]] == list(range(14))
    assert (body["accepted"], body["refused"], body["complete"]) == (3, 11, True)
    first, second, retraction = ingest.raw()
    assert (first.content, first.charset, first.declared.title) == ("第一篇".encode(), "utf-8", "一")
    assert (second.content, second.charset) == ("第二篇".encode("gb18030"), "gbk")
    assert (retraction.operation, retraction.bulletin_id, retraction.reason) == ("retract", first.bulletin_id, "误报")
    taken = [item for item in body["items"] if item["status"] == 202]
    assert [item["push_id"] for item in taken] == [raw.push_id for raw in ingest.raw()]
    assert first.bulletin_id == identity.bulletin_id("hubei-wmb", "a", "")


def test_an_item_has_the_identity_of_the_same_push_alone(ingest):
    alone = ingest.push("正文".encode(), {"Content-Type": "text/plain; charset=utf-8"}, document_id="a").json()
    item = ingest.batch({"document_id": "a", "content": "正文"}).json()["items"][0]
    assert item["push_id"] == alone["push_id"]


def test_windows_line_ends_and_byte_order_mark_are_no_matter(ingest):
    answer = ingest.batch(b'\xef\xbb\xbf{"content": "a"}\r', b'{"content": "b"}\r', b"\r")
    assert (answer.json()["accepted"], answer.json()["refused"]) == (2, 0)


def test_a_batch_goes_into_the_lane_that_its_query_names(ingest):
    ingest.batch({"content": "a"}, {"content": "b", "lane": "live"}, lane="backfill")
    assert {raw.content: raw.lane for raw in ingest.raw()} == {b"a": "backfill", b"b": "live"}


def test_a_batch_as_a_form_pairs_files_with_metadata(ingest):
    answer = ingest.client.request(
        "POST",
        "/v1/bulletins/batch",
        files=[
            ("file", ("一.txt", "甲".encode(), "text/plain")),
            ("file", ("二.txt", b"", "text/plain")),
            ("file", ("三.html", "丙".encode(), "text/html; charset=gbk")),
        ],
        data={"metadata": json.dumps([{"document_id": "1"}, {}, {"document_id": "3"}])},
        headers=ingest.headers(),
    )
    assert [item["status"] for item in answer.json()["items"]] == [202, 422, 202]
    assert [(raw.document_id, raw.source, raw.media_type, raw.charset) for raw in ingest.raw()] == [
        ("1", "一.txt", "text/plain", None),
        ("3", "三.html", "text/html", "gbk"),
    ]


def test_metadata_that_does_not_match_its_files_is_refused_as_a_whole(ingest):
    answer = ingest.client.request(
        "POST",
        "/v1/bulletins/batch",
        files=[("file", ("一.txt", b"x")), ("file", ("二.txt", b"y"))],
        data={"metadata": '[{"document_id": "1"}]'},
        headers=ingest.headers(),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "metadata_mismatch")
    assert ingest.raw() == []


@pytest.mark.parametrize("body", [b"", b"\n \r\n"])
def test_an_empty_batch_is_refused(ingest, body):
    answer = ingest.batch(body)
    assert (answer.status_code, answer.json()["code"]) == (422, "empty_batch")


def test_an_item_too_large_is_refused_and_the_next_one_taken(ingest, monkeypatch):
    monkeypatch.setattr(batches, "LARGEST_LINE", 200)
    answer = ingest.batch({"content": "x" * 200}, {"content": "y" * 50}, {"content": "z" * 200})
    assert [item["status"] for item in answer.json()["items"]] == [413, 202, 413]


def test_items_beyond_the_limit_are_refused_as_not_taken(ingest, monkeypatch):
    monkeypatch.setattr(batches, "MOST_ITEMS", 2)
    answer = ingest.batch(*({"content": str(n)} for n in range(4)))
    assert [item["status"] for item in answer.json()["items"]] == [202, 202, 413]
    assert not answer.json()["complete"], "items behind the last answer were not read"
    assert len(ingest.raw()) == 2


def test_bytes_beyond_the_limit_of_a_batch_are_refused_as_not_taken(ingest, monkeypatch):
    monkeypatch.setattr(batches, "MOST_BYTES", 40)
    answer = ingest.batch({"content": "x" * 100})
    assert (answer.status_code, answer.json()["code"]) == (413, "batch_too_large")
    assert ingest.raw() == []


def test_a_long_batch_is_taken_in_several_appends(ingest):
    answer = ingest.batch(*({"content": str(n)} for n in range(450)))
    assert answer.json()["accepted"] == 450
    assert [raw.content for raw in ingest.raw()] == [str(n).encode() for n in range(450)]


def test_a_header_key_holds_for_items_without_their_own(ingest):
    def push_ids(*items):
        body = b"\n".join(json.dumps(item).encode() for item in items)
        headers = ingest.headers(Idempotency_Key="batch-7")
        answer = ingest.client.request("POST", "/v1/bulletins/batch", content=body, headers=headers)
        return [item["push_id"] for item in answer.json()["items"]]

    items = ({"operation": "retract", "document_id": "a"}, {"content": "x", "idempotency_key": "own"})
    assert push_ids(*items) == push_ids(*items)
