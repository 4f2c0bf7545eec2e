"""The search API among clients that hold on to it, tools that speak no HTTP, and programs that want its port."""

from __future__ import annotations

import json
import socket

from api_process import api, refused_start
from byte_client import ByteClient
from idle_clients import holding


def test_searches_are_answered_while_1000_others_keep_their_connection_and_descriptors_are_few(bench, make):
    bench.index(make("深化文明创建\n街巷长巡查。", titles=[("深化文明创建", None)]))
    with api("search", bench.data, descriptors=1024) as search:
        search.ask("GET", "/v1/search?q=a", patience_s=60)  # by then the dictionaries are loaded
        with holding(search.address, b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"):
            for _ in range(5):
                status, _, body = search.ask("GET", "/v1/search?q=%E5%B7%A1%E6%9F%A5")
                assert (status, json.loads(body)["total"]) == (200, 1)
        assert "jianbao_http_connections " in search.ask("GET", "/metrics")[2].decode()


def test_while_another_program_has_its_port_it_says_so_each_time_and_takes_it_back_once_free(tmp_path):
    with api("search", tmp_path) as first:
        host, port = first.address
        first.process.kill()
        first.process.wait()
        with socket.create_server((host, port)):
            for _ in range(2):
                said = refused_start("search", tmp_path, port)
                assert f"cannot listen on {host}:{port}" in said
                assert "another program has this port" in said
                assert "JIANBAO_SEARCH_PORT" in said
                assert "Traceback" not in said
    with api("search", tmp_path, port) as again:
        assert again.ask("GET", "/health/live")[0] == 200


def test_what_is_not_http_and_what_has_no_route_are_problem_documents(bench):
    bench.owned.prepare()
    with api("search", bench.data) as search:
        broken = ByteClient(search.address).send(body=b"nonsense\r\n\r\n").answer()
        assert (broken.status, broken.problem()["code"]) == (400, "bad_request")
        status, headers, body = search.ask("POST", "/v1/search")
        assert (status, headers["allow"], json.loads(body)["code"]) == (405, "GET, HEAD", "wrong_method")
        assert json.loads(search.ask("GET", "/nowhere")[2])["code"] == "unknown_path"
        got, asked = search.ask("GET", "/"), search.ask("HEAD", "/")
        assert (asked[0], asked[1]["content-type"], asked[2]) == (200, got[1]["content-type"], b"")


def test_the_page_of_docs_is_chinese_and_loads_nothing(bench):
    page = bench.client.get("/docs")
    assert "检索词" in page.text
    assert "起始日期" in page.text
    assert "http://testserver/v1/search" in page.text
    assert "<script" not in page.text
    assert "https://" not in page.text
    assert bench.client.get("/redoc").status_code == 404
