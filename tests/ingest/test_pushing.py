"""Pushing one bulletin over HTTP: what is taken, under which identity, and what the log then holds."""

from __future__ import annotations

import hashlib
import json

import pytest

from jianbao_contracts.headers import DATAREF, ID, PUSH_ID, TRACEPARENT
from jianbao_contracts.topics import RAW
from jianbao_ingest.domain.pushes import LARGEST_EVENT, LARGEST_INLINE

TEXT = "武汉市开展志愿服务活动。".encode()


def test_a_push_is_in_the_log_as_received_once_it_is_answered_202(ingest):
    query = {"document_id": "简报/2017-01", "source": "2017-01.txt", "title": "第一期", "published_on": "2017-01-05"}
    answer = ingest.push(TEXT, {"Content-Type": "Text/Plain; Charset=GB18030"}, region="420100", **query)
    assert answer.status_code == 202
    (raw,) = ingest.raw()
    assert answer.json() == {
        "push_id": raw.push_id,
        "bulletin_id": raw.bulletin_id,
        "receipt": f"/v1/receipts/{raw.push_id}",
    }
    assert answer.headers["location"] == answer.json()["receipt"]
    assert (raw.content, raw.sha256) == (TEXT, hashlib.sha256(TEXT).hexdigest())
    assert (raw.media_type, raw.charset, raw.office) == ("text/plain", "gb18030", "hubei-wmb")
    assert (raw.document_id, raw.source) == ("简报/2017-01", "2017-01.txt")
    assert raw.declared.model_dump(mode="json") == {
        "title": "第一期",
        "published_on": "2017-01-05",
        "region": "420100",
    }


def test_the_same_push_twice_has_the_same_push_id_and_a_fresh_event_id(ingest):
    first, second = (ingest.push(TEXT, document_id="a").json() for _ in range(2))
    assert first == second
    records = ingest.engine.log.reader([RAW]).poll(10, 0)
    assert [record.header(PUSH_ID) for record in records] == [first["push_id"]] * 2
    assert records[0].header(ID) != records[1].header(ID)


def test_another_idempotency_key_is_another_push_of_the_same_bulletin(ingest):
    first = ingest.push(TEXT, {"Idempotency-Key": "一".encode()}, document_id="a").json()
    again = ingest.push(TEXT, {"Idempotency-Key": "一".encode()}, document_id="a").json()
    other = ingest.push(TEXT, {"Idempotency-Key": "二".encode()}, document_id="a").json()
    assert first == again
    assert other["bulletin_id"] == first["bulletin_id"]
    assert other["push_id"] != first["push_id"]


def test_a_revert_is_a_new_act_each_time_unless_a_key_says_otherwise(ingest):
    free = [ingest.push(TEXT, document_id="a", revert="true").json()["push_id"] for _ in range(2)]
    keyed = [
        ingest.push(TEXT, {"Idempotency-Key": "k"}, document_id="a", revert="true").json()["push_id"] for _ in range(2)
    ]
    assert len({*free, *keyed}) == 3
    assert all(raw.revert for raw in ingest.raw())


def test_content_alone_names_a_bulletin_without_document_id(ingest):
    first, second = ingest.push(TEXT).json(), ingest.push(TEXT + b"!").json()
    blank = ingest.push(TEXT, document_id="", title="").json()
    assert first["bulletin_id"] != second["bulletin_id"]
    assert blank == first, "a form's blank entry says nothing; it must not join unrelated bulletins under one id"


def test_a_multipart_form_carries_file_and_metadata(ingest):
    answer = ingest.client.request(
        "POST",
        "/v1/bulletins",
        files={"file": ("第一期.html", "<p>简报</p>".encode(), "text/html; charset=utf-8")},
        data={"metadata": json.dumps({"document_id": "m1", "title": "标题"})},
        headers=ingest.headers(),
    )
    assert answer.status_code == 202, answer.text
    (raw,) = ingest.raw()
    assert (raw.source, raw.document_id, raw.declared.title) == ("第一期.html", "m1", "标题")
    assert (raw.media_type, raw.charset, raw.content) == ("text/html", "utf-8", "<p>简报</p>".encode())


def test_a_file_name_in_gb18030_is_read_as_chinese_windows_tools_send_it(ingest):
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + "简报.txt".encode("gb18030")
        + b'"\r\n\r\nx\r\n--b--\r\n'
    )
    answer = ingest.push(body, {"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 202, answer.text
    assert ingest.raw()[0].source == "简报.txt"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"\x00\xff\xfe\x81", "text/plain; charset=nonsense"),
        (b"%PDF-1.7", "application/x-no-such-type"),
        (b"x", "not a media type at all"),
        (b" ", "text/plain"),
    ],
)
def test_content_is_never_judged(ingest, content, content_type):
    assert ingest.push(content, {"Content-Type": content_type}).status_code == 202
    assert ingest.raw()[0].content == content


@pytest.mark.parametrize(
    ("headers", "source", "expected"),
    [
        ({}, "", "text/plain"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "a.txt", "text/plain"),
        ({}, "https://example.gov.cn/a.HTML?x=1.txt", "text/html"),
        ({}, "简报.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ({"Content-Type": "text/markdown"}, "a.html", "text/markdown"),
    ],
)
def test_an_undeclared_media_type_follows_the_file_name(ingest, headers, source, expected):
    assert ingest.push(b"x", headers, source=source).status_code == 202
    assert ingest.raw()[0].media_type == expected


def test_back_catalogues_travel_their_own_lane(ingest):
    assert ingest.push(TEXT, lane="backfill").status_code == 202
    assert ingest.engine.log.end("bulletins.raw.backfill") == 1
    assert ingest.engine.log.end("bulletins.raw") == 0


def test_a_trace_goes_on_and_a_malformed_one_is_replaced(ingest):
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    ingest.push(TEXT, {"traceparent": parent})
    ingest.push(TEXT, {"traceparent": "00-nonsense"})
    first, second = (record.header(TRACEPARENT) for record in ingest.engine.log.reader([RAW]).poll(10, 0))
    assert first == parent
    assert second is not None
    assert second != "00-nonsense"


def test_content_above_the_log_s_limit_goes_to_the_payload_store_first(ingest):
    small, large = b"s" * LARGEST_INLINE, b"l" * (LARGEST_INLINE + 1)
    assert ingest.push(small).status_code == 202
    assert ingest.push(large).status_code == 202
    inline, referred = ingest.raw()
    assert inline.content == small
    assert referred.content is None
    assert ingest.engine.payloads.get(referred.dataref) == large
    records = ingest.engine.log.reader([RAW]).poll(10, 0)
    assert all(len(record.value) <= LARGEST_EVENT for record in records)
    assert records[1].header(DATAREF) == referred.dataref, "retention finds what refers to a payload by this header"


def test_an_empty_body_is_refused_with_a_reason(ingest):
    answer = ingest.push(b"", document_id="a")
    assert (answer.status_code, answer.json()["code"]) == (422, "empty_body")
    assert "空" in answer.json()["title"]
    assert ingest.raw() == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"published_on": "2022-02-30"}, "published_on"),
        ({"published_on": "1651881600"}, "published_on"),
        ({"published_on": "２０２２-０５-０７"}, "published_on"),
        ({"region": "32058"}, "region"),
        ({"region": "32058二"}, "region"),
        ({"lane": "fast"}, "lane"),
        ({"revert": "maybe"}, "revert"),
        ({"document_id": "x" * 501}, "document_id"),
        ({"title": "题" * 501}, "title"),
    ],
)
def test_a_wrong_field_is_named(ingest, query, field):
    answer = ingest.push(TEXT, **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_field")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert ingest.raw() == []


@pytest.mark.parametrize("query", ["document_id=%ED%A0%80", "title=%FF", "source=%00", "title=a&title=b"])
def test_a_query_that_is_no_text_is_refused(ingest, query):
    answer = ingest.client.request("POST", f"/v1/bulletins?{query}", content=TEXT, headers=ingest.headers())
    assert answer.status_code in (400, 422)
    assert ingest.raw() == []


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"no form", "multipart/form-data; boundary=b", "bad_multipart"),
        (b"no form", "multipart/form-data", "bad_multipart"),
        (b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--\r\n', "b", "missing_file"),
        (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ncut sho', "b", "bad_multipart"),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n'
            b'--b\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{"title": "\\u0000"}\r\n--b--\r\n',
            "b",
            "nul_character",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n'
            b'--b\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{"title": "\xff"}\r\n--b--\r\n',
            "b",
            "bad_json",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a\0b"\r\n\r\nx\r\n--b--\r\n',
            "b",
            "nul_character",
        ),
    ],
)
def test_a_malformed_form_is_refused_and_not_half_read(ingest, body, content_type, code):
    declared = content_type if "/" in content_type else "multipart/form-data; boundary=b"
    answer = ingest.push(body, {"Content-Type": declared})
    assert (answer.status_code // 100, answer.json()["code"]) == (4, code)
    assert ingest.raw() == []


def test_compressed_bodies_are_refused_rather_than_stored_as_text(ingest):
    answer = ingest.push(b"\x1f\x8b", {"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "content_encoding")


def test_a_retraction_is_an_event_of_its_own_each_time(ingest):
    bulletin = ingest.push(TEXT, document_id="a").json()["bulletin_id"]
    path = f"/v1/bulletins/{bulletin}"
    body = json.dumps({"reason": "内容有误"}).encode()
    first = ingest.client.request("DELETE", path, content=body, headers=ingest.headers())
    second = ingest.client.request("DELETE", path, headers=ingest.headers())
    keyed = [
        ingest.client.request("DELETE", path, headers=ingest.headers(Idempotency_Key="k")).json() for _ in range(2)
    ]
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["push_id"] != second.json()["push_id"]
    assert keyed[0] == keyed[1]
    retraction = ingest.raw()[1]
    assert (retraction.operation, retraction.reason, retraction.content) == ("retract", "内容有误", b"")
    assert retraction.bulletin_id == bulletin


@pytest.mark.parametrize(
    "body", [b'{"reason": "\\ud800"}', b'{"reason": "\\u0000"}', b"[]", b"{", b"\xff", b'{"reason": 1}']
)
def test_a_malformed_reason_is_refused(ingest, body):
    answer = ingest.client.request(
        "DELETE", f"/v1/bulletins/hubei-wmb.{'0' * 32}", content=body, headers=ingest.headers()
    )
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert ingest.raw() == []
