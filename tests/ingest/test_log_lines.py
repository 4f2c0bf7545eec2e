"""What ingest logs of a push: its ids, never its content."""

from __future__ import annotations

import json

from observed import json_lines

from jianbao_streaming import LogUnavailableError

SECRET = "绝密的正文"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_push_that_was_not_taken_is_told_with_its_ids(ingest, monkeypatch):
    def away(records):
        raise LogUnavailableError("disk full")

    monkeypatch.setattr(ingest.client.resources.intake.appender._log, "append", away)
    with json_lines("ingest-api") as lines:
        headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        assert ingest.push(SECRET.encode(), headers, document_id="a.txt").status_code == 503
    (line,) = [line for line in lines if "were answered 503" in line["message"]]
    assert (len(line["push_id"]), line["bulletin_id"].split(".")[0], line["trace_id"]) == (32, "hubei-wmb", TRACE)
    assert "disk full" in line["message"]
    assert SECRET not in json.dumps(lines, ensure_ascii=False)


def test_a_bug_met_by_a_request_is_told_without_its_words(ingest, monkeypatch):
    def bug(pushes, traceparent):
        raise ValueError(SECRET)

    monkeypatch.setattr(type(ingest.client.resources.intake), "take", lambda self, *given: bug(*given))
    with json_lines("ingest-api") as lines:
        assert ingest.push(SECRET.encode(), document_id="a.txt").status_code == 500
    assert any("POST /v1/bulletins failed: ValueError" in line["message"] for line in lines)
    assert SECRET not in json.dumps(lines, ensure_ascii=False)
