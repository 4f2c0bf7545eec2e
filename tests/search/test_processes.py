"""The two processes as they are started: reachable, alone or together, and stopped as asked."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from jianbao_contracts.stage_status import StageStatus
from jianbao_contracts.topics import EXTRACTED, STATUS
from jianbao_search.adapters.folder import INDEX_FOLDER
from jianbao_search.adapters.tantivy_reader import TantivyReader
from jianbao_search.answers import Answers
from jianbao_search.api.app import create_app
from jianbao_search.domain.request import request
from jianbao_search.settings import Settings, is_local
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.events import derived_record

PATIENCE_S = 60.0


def until(ask: Callable[[], object], process: subprocess.Popen[bytes]) -> object:
    """Wait for an answer that is true, as long as the process lives."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        assert process.poll() is None, f"ended with {process.returncode}"
        select.select([], [], [], 0.02)
    raise AssertionError("no answer in time")


def start(data: Path, name: str, **settings: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "JIANBAO_DATA": str(data), "JIANBAO_SEARCH_PORT": "0", **settings}
    return subprocess.Popen([sys.executable, "-m", "jianbao_search", name], env=environment, stderr=subprocess.PIPE)


def test_indexer_and_api_answer_what_was_appended_and_stop_as_asked(tmp_path, make):
    data = tmp_path / "data folder"
    indexer, api = start(data, "indexer"), start(data, "api")
    try:
        place = data / "run" / "search-api.json"
        until(place.exists, api)
        address = "http://{host}:{port}".format(**json.loads(place.read_text()))
        until(lambda: httpx.get(f"{address}/health/ready").status_code == 200, api)
        engine = open_embedded(data)
        event = make("深化文明创建\n街巷长巡查。", titles=[("深化文明创建", None)])
        engine.log.append([derived_record(event)])
        reader = engine.log.reader([STATUS])
        records = until(lambda: reader.poll(10, 0.2), indexer)
        status = StageStatus.model_validate_json(records[0].value)
        assert (status.push_id, status.state) == (event.push_id, "searchable")
        assert httpx.get(f"{address}/v1/search", params={"q": "街巷長"}).json()["total"] == 1
        reader.close()
        engine.close()
    finally:
        for process in (indexer, api):
            process.send_signal(signal.SIGTERM)
        ended = [process.wait(PATIENCE_S) for process in (indexer, api)]
        for process in (indexer, api):
            process.stderr.close()
    assert ended == [0, 0]


def test_a_port_in_use_is_said_and_not_traced(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        api = start(tmp_path, "api", JIANBAO_SEARCH_PORT=str(taken.getsockname()[1]))
        said = api.communicate(timeout=PATIENCE_S)[1].decode()
    assert api.returncode == 1
    assert "cannot listen" in said
    assert "Traceback" not in said


def test_beyond_this_machine_the_api_does_not_start_without_a_key(tmp_path):
    api = start(tmp_path, "api", JIANBAO_SEARCH_HOST="0.0.0.0")
    said = api.communicate(timeout=PATIENCE_S)[1].decode()
    assert api.returncode == 2
    assert "JIANBAO_READER_KEY" in said
    assert "Traceback" not in said


def test_an_empty_key_is_no_key(tmp_path):
    with pytest.raises(ValidationError, match="JIANBAO_READER_KEY"):
        Settings(data=tmp_path, search_host="::", reader_key=" ")
    assert Settings(data=tmp_path, search_host="10.0.0.5", reader_key="s3cret").reader_key is not None
    assert [is_local(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "example.org")] == [True] * 3 + [
        False
    ] * 2


def test_with_a_key_only_who_has_it_reads(bench):
    client = TestClient(create_app(bench.reader, bench.answers, bench.library, "geheim密"))
    bench.owned.prepare()
    for path in ("/v1/search", "/", "/docs", "/openapi.json", "/metrics"):
        refused = client.get(path)
        assert refused.status_code == 401
        assert "Basic" in refused.headers["www-authenticate"]
    assert client.get("/v1/search", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/v1/search", headers={"Authorization": "Basic !!!"}).status_code == 401
    assert client.get("/v1/search", headers={"Authorization": "Bearer geheim密".encode()}).status_code == 200
    assert client.get("/", auth=httpx.BasicAuth("anyone", "geheim密")).status_code == 200
    assert client.get("/health/live").status_code == 200


def test_killed_again_and_again_the_indexer_loses_nothing_and_repeats_nothing(tmp_path, make):
    data = tmp_path / "data"
    engine = open_embedded(data)
    pushed: list[str] = []
    for part in range(3):
        events = [
            make(f"第{n}号文明创建\n网格员巡查。", document=f"{n}", titles=[(f"第{n}号文明创建", None)], sequence=n + 1)
            for n in range(part * 40, part * 40 + 40)
        ]
        pushed += [event.push_id for event in events]
        indexer = start(data, "indexer")
        committed = engine.log.committed("search", EXTRACTED)
        for event in events:
            engine.log.append([derived_record(event)])
        until(lambda before=committed: engine.log.committed("search", EXTRACTED) > before, indexer)
        indexer.kill()
        indexer.communicate()
    indexer = start(data, "indexer")
    until(lambda: engine.log.committed("search", EXTRACTED) == 120, indexer)
    indexer.terminate()
    indexer.communicate(timeout=PATIENCE_S)
    answers = Answers(TantivyReader(data / INDEX_FOLDER))
    page = answers.answer(request({"q": "网格员", "size": "100"}))
    rest = answers.answer(request({"q": "网格员", "size": "100", "cursor": page.cursor or ""}))
    found = [shown.card.bulletin_id for shown in (*page.shown, *rest.shown)]
    assert len(found) == len(set(found)) == 120
    last: dict[str, str] = {}
    reader = engine.log.reader([STATUS])
    while batch := reader.poll(500, 0.0):
        for record in batch:
            status = StageStatus.model_validate_json(record.value)
            last[status.push_id] = status.state
    assert last == dict.fromkeys(pushed, "searchable")
    reader.close()
    engine.close()
