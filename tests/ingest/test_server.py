"""The ingest API among clients that hold on to it, tools that speak no HTTP, and programs that want its port."""

from __future__ import annotations

import hashlib
import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from api_process import api, refused_start
from byte_client import ByteClient
from idle_clients import holding

from jianbao_contracts import Office, OfficeKey
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.events import office_record

KEY = {"Authorization": "Bearer k"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    engine = open_embedded(folder)
    now = datetime.now(UTC)
    key = OfficeKey(sha256=hashlib.sha256(b"k").hexdigest(), created_at=now)
    engine.log.append([office_record(Office(office="hubei-wmb", name="湖北", keys=[key], changed_at=now))])
    engine.close()
    return folder


def test_pushes_are_taken_while_1000_others_send_no_body_and_descriptors_are_few(data):
    head = b"POST /v1/bulletins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Length: 1000\r\n\r\n"
    with api("ingest", data, descriptors=1024) as ingest:
        with holding(ingest.address, head):
            for number in range(5):
                status, _, body = ingest.ask("POST", "/v1/bulletins", str(number).encode(), **KEY)
                assert status == 202
                push = json.loads(body)
                assert ingest.ask("GET", push["receipt"], **KEY)[0] in (200, 503)  # no receipts process runs
        metrics = ingest.ask("GET", "/metrics")[2].decode()
    assert 'jianbao_http_refused_total{code="too_many_connections"}' in metrics
    assert "jianbao_http_connections " in metrics


def test_while_another_program_has_its_port_it_says_so_each_time_and_takes_it_back_once_free(data):
    with api("ingest", data) as first:
        host, port = first.address
        assert first.ask("GET", "/health/live")[0] == 200
        first.process.kill()
        first.process.wait()
        with socket.create_server((host, port)):
            for _ in range(2):
                said = refused_start("ingest", data, port)
                assert f"cannot listen on {host}:{port}" in said
                assert "another program has this port" in said
                assert "JIANBAO_INGEST_PORT" in said
                assert "Traceback" not in said
    with api("ingest", data, port) as again:
        assert again.ask("GET", "/health/live")[0] == 200


def test_what_is_not_http_and_what_has_no_route_are_problem_documents(data):
    with api("ingest", data) as ingest:
        broken = ByteClient(ingest.address).send(body=b"\x16\x03\x01\x02\x00").answer()
        assert (broken.status, broken.problem()["code"]) == (400, "bad_request")
        status, headers, _ = ingest.ask("PUT", "/v1/bulletins/hubei-wmb.0", **KEY)
        assert (status, headers["allow"]) == (405, "DELETE, GET, HEAD")
        got, asked = ingest.ask("GET", "/health/live"), ingest.ask("HEAD", "/health/live")
        assert (asked[0], asked[1]["content-length"], asked[2]) == (200, got[1]["content-length"], b"")
        cut = ByteClient(ingest.address).send(
            "POST /v1/bulletins/batch HTTP/1.1",
            "Host: x",
            "Authorization: Bearer k",
            "Content-Length: 1000",
            "",
            body=b'{"content":"one"}\n{"content":',
        )
        cut.socket.shutdown(socket.SHUT_WR)
        answer = cut.answer("POST")
        items = json.loads(answer.body)["items"]
        assert (answer.status, [item["status"] for item in items]) == (207, [202, 400])
        assert items[1]["problem"]["code"] == "cut_short"
