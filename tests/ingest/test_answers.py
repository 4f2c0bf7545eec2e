"""Problem documents, health, metrics and the interface description."""

from __future__ import annotations

import re
import string

import pytest

from jianbao_ingest.api.memory import MemoryBudget
from jianbao_ingest.domain.problems import KINDS, ProblemError, problem
from jianbao_streaming import LogUnavailableError


@pytest.mark.parametrize("code", KINDS)
def test_every_problem_says_in_chinese_what_happened_and_what_to_do(code):
    kind = KINDS[code]
    places = {name for _, name, _, _ in string.Formatter().parse(kind.detail) if name}
    document = problem(code, **dict.fromkeys(places, "某个值")).document()
    assert document["type"] == f"urn:jianbao:problem:{code}"
    assert 400 <= document["status"] < 600
    for member in ("title", "detail", "action"):
        assert re.search(r"[\u4e00-\u9fff]{2}", document[member])
    assert "{" not in document["detail"]


def test_only_5xx_that_heal_say_when_to_come_again():
    for code, kind in KINDS.items():
        places = {name for _, name, _, _ in string.Formatter().parse(kind.detail) if name}
        told = problem(code, **dict.fromkeys(places, ""))
        assert (told.retry_after is not None) == (kind.status == 503)


def test_a_log_that_is_away_is_503_with_retry_after_and_nothing_is_taken(ingest, monkeypatch):
    def away(records):
        raise LogUnavailableError("disk full")

    log = ingest.client.resources.intake.appender._log
    monkeypatch.setattr(log, "append", away)
    answers = [
        ingest.push(b"x"),
        ingest.client.request("DELETE", f"/v1/bulletins/hubei-wmb.{'0' * 32}", headers=ingest.headers()),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "log_unavailable")
        assert int(answer.headers["retry-after"]) > 0
    batch = ingest.batch({"content": "x"}, {"content": ""})
    assert [item["status"] for item in batch.json()["items"]] == [503, 422]
    assert (batch.json()["accepted"], batch.json()["refused"]) == (0, 2)
    monkeypatch.undo()
    assert ingest.raw() == []
    assert ingest.push(b"x").status_code == 202


def test_a_payload_store_that_is_away_is_503(ingest, monkeypatch):
    def away(content):
        raise LogUnavailableError("disk full")

    monkeypatch.setattr(type(ingest.client.resources.intake.payloads), "put", lambda self, content: away(content))
    answer = ingest.push(b"x" * 2_000_000)
    assert (answer.status_code, answer.json()["code"]) == (503, "log_unavailable")
    assert ingest.raw() == []


def test_a_bug_is_a_500_without_a_traceback(ingest, monkeypatch):
    def bug(key, now):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(ingest.client.resources.offices, "holder_of", bug)
    answer = ingest.push(b"x")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "不会产生两份" in answer.json()["action"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("PUT", "/v1/bulletins", 405),
        ("GET", "/v1/bulletins/batch/x", 404),
        ("GET", "/%FF", 404),
    ],
)
def test_unknown_paths_and_methods_are_problems_too(ingest, method, path, status):
    answer = ingest.client.request(method, path, headers=ingest.headers())
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["action"]


def test_health_and_metrics_need_no_key(ingest):
    assert ingest.client.request("GET", "/health/live").status_code == 200
    ingest.push(b"x")
    ingest.push(b"")
    ingest.client.portal.call(ingest.client.resources.offices.caught_up)
    assert ingest.client.request("GET", "/health/ready").json() == {"status": "ready"}
    metrics = ingest.client.request("GET", "/metrics").text
    assert 'jianbao_ingest_accepted_total{lane="live",operation="publish"} 1.0' in metrics
    assert 'jianbao_ingest_refused_total{code="empty_body"} 1.0' in metrics
    assert "jianbao_ingest_append_seconds_count 1.0" in metrics


def test_before_the_offices_are_known_it_is_not_ready_and_judges_no_key(ingest, monkeypatch):
    directory = ingest.client.resources.offices

    async def never():
        return False

    monkeypatch.setattr(directory, "caught_up", never)
    monkeypatch.setattr(type(directory), "ready", property(lambda self: False))
    assert ingest.client.request("GET", "/health/ready").status_code == 503
    ingest.key = "not-yet-known"
    assert (ingest.push(b"x").status_code, ingest.push(b"x").json()["code"]) == (503, "not_ready")


def test_the_interface_description_names_every_route_and_its_parameters(ingest):
    described = ingest.client.request("GET", "/openapi.json").json()
    assert {
        "/v1/bulletins",
        "/v1/bulletins/batch",
        "/v1/bulletins/{bulletin_id}",
        "/v1/receipts",
        "/v1/receipts/{push_id}",
    } <= described["paths"].keys()
    push = described["paths"]["/v1/bulletins"]["post"]
    names = {parameter["name"] for parameter in push["parameters"]}
    assert names == {
        "document_id",
        "source",
        "title",
        "published_on",
        "region",
        "lane",
        "revert",
        "Idempotency-Key",
    }
    assert push["security"]


def test_the_page_of_docs_needs_no_other_server(ingest):
    page = ingest.client.request("GET", "/docs")
    assert page.status_code == 200
    assert "推送一份简报" in page.text
    assert "https://" not in page.text


def test_bodies_in_memory_have_a_budget_and_give_it_back():
    budget = MemoryBudget(100)
    with budget.lease() as lease:
        lease.hold(80)
        with pytest.raises(ProblemError) as refused, budget.lease() as other:
            other.hold(30)
        assert refused.value.problem.status == 503
        lease.hold(10)
        with budget.lease() as other:
            other.hold(90)
    with budget.lease() as lease:
        lease.hold(100)
