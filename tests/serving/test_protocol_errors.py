"""What is no proper request is answered as every other problem is: in Chinese, as a document, then the line is cut."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"nonsense\r\n\r\n", 400, "bad_request"),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400, "bad_request"),
        (b"GET /here HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"GET /here\r\n\r\n", 400, "bad_request"),
        ("GET /文明 HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400, "raw_address"),
        ("GET /here?q=文明 HTTP/1.1\r\nHost: x\r\n\r\n".encode("gb18030"), 400, "raw_address"),
        (b"GET /here \\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
        (b"GET /here HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", 400, "bad_request"),
        (b"POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "bad_request"),
        (b"POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "bad_body"),
        (b"POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "unknown_transfer"),
        (b"GET /here HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 300_000, 431, "head_too_large"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "unknown_version"),
        (b"GET /nowhere HTTP/1.0\r\n\r\n", 404, "unknown_path"),
        (b"BREW /here HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405, "wrong_method"),
        (b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404, "unknown_path"),
    ],
    ids=lambda value: value[:30].decode("latin-1") if isinstance(value, bytes) else None,
)
def test_each_is_a_problem_document_and_the_connection_ends(served, sent, status, code):
    client = served.connect().send(body=sent)
    answer = client.answer()
    told = answer.problem()
    assert (answer.status, told["status"], told["code"]) == (status, status, code)
    for member in ("title", "detail", "action"):
        assert re.search(r"[\u4e00-\u9fff]{2}", told[member])
    assert answer.headers["connection"].lower() == "close"
    assert client.is_closed()
    assert served.get().status == 200


def test_a_client_still_sending_what_was_refused_gets_to_read_the_answer(served):
    client = served.connect().send(body=b"GET /here HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 100_000)
    client.send(body=b"x" * 20_000_000)
    assert client.answer().problem()["code"] == "head_too_large"


def test_a_wrong_method_is_told_which_are_right_of_all_routes_of_the_address(served):
    answer = served.connect().send("PUT /here HTTP/1.1", "Host: x", "").answer()
    assert answer.status == 405
    assert answer.headers["allow"] == "DELETE, GET, HEAD"


@pytest.mark.parametrize("path", ["/here?q=文明", "/docs", "/nowhere", "/large?size=100000"])
def test_head_is_get_without_a_body(served, path):
    path = path.replace("文明", "%E6%96%87%E6%98%8E")
    got = served.get(path)
    client = served.connect().send(f"HEAD {path} HTTP/1.1", "Host: x", "")
    asked = client.answer("HEAD")
    assert (asked.status, asked.body) == (got.status, b"")
    assert {**asked.headers, "date": ""} == {**got.headers, "date": ""}
    assert client.send("GET /here HTTP/1.1", "Host: x", "").answer().status == 200


def test_an_address_in_absolute_form_is_read_as_proxies_write_it(served):
    client = served.connect().send("GET http://proxy.example/here?q=1 HTTP/1.1", "Host: x", "")
    assert client.answer().body == b'{"here":"1"}'


def test_what_offers_an_upgrade_is_answered_as_it_is(served):
    client = served.connect().send(
        "GET /here HTTP/1.1", "Host: x", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA", ""
    )
    assert client.answer().status == 200


def test_a_client_that_has_shut_its_side_is_answered(served):
    client = served.connect().send("POST /count HTTP/1.0", "Content-Length: 3", "", body=b"abc")
    client.socket.shutdown(1)
    assert client.answer().body == b'{"bytes":3}'
    assert client.is_closed()


@pytest.mark.parametrize("sent", [b"GET /he", b"POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"])
def test_what_a_client_breaks_off_it_is_told(served, sent):
    client = served.connect().send(body=sent)
    client.socket.shutdown(1)
    assert client.answer().problem()["code"] == "cut_short"
    assert client.is_closed()


@pytest.mark.parametrize("ending", ["", "Connection: close"])
@pytest.mark.parametrize("framing", ["Content-Length: 60000000", "Transfer-Encoding: chunked"])
def test_a_refused_scan_of_60_mb_is_answered_also_to_who_sends_all_of_it_first(served, framing, ending):
    head = ["POST /refuse HTTP/1.1", "Host: x", framing, *([ending] if ending else []), ""]
    client = served.connect().send(*head)
    if "chunked" in framing:
        for _ in range(60):
            client.send(body=b"F4240\r\n" + bytes(1_000_000) + b"\r\n")
        client.send("0", "")
    else:
        client.send(body=bytes(60_000_000))
    assert (client.answer("POST").status, served.told) == (413, [])


def test_who_waits_for_a_word_before_sending_gets_the_answer_instead_and_an_end(served):
    waiting = ["Host: x", "Content-Length: 60000000", "Expect: 100-continue", ""]
    client = served.connect().send("POST /refuse HTTP/1.1", *waiting)
    answer = client.answer("POST")
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    asked = served.connect().send("POST /count HTTP/1.1", "Host: x", "Content-Length: 3", "Expect: 100-continue", "")
    assert asked.socket.recv(1000).startswith(b"HTTP/1.1 100 ")
    assert asked.send(body=b"abc").answer("POST").body == b'{"bytes":3}'


def test_the_page_of_docs_is_chinese_and_loads_nothing(served):
    page = served.get("/docs")
    text = page.body.decode()
    assert "取一样东西" in text
    assert "curl http://x/here" in text
    assert "<script" not in text
    assert "https://" not in text
    assert "default-src 'none'" in page.headers["content-security-policy"]
