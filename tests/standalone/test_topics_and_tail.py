"""What an operator sees of topics, stages and records on the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from log_engines import record
from running import Running, until

from jianbao_contracts import DeadLetterAction, topics
from jianbao_contracts import headers as names
from jianbao_contracts.topics import catalogue
from jianbao_standalone import addresses
from jianbao_standalone.records_shown import DESCRIBED, line, what
from jianbao_standalone.stage_states import stage_states, waited_s
from jianbao_streaming import Lag, StoredRecord
from jianbao_streaming import dead_letters as dlq
from jianbao_streaming.claim_check import LARGEST_VALUE, check_in
from jianbao_streaming.engine import Engine, open_embedded
from jianbao_streaming.events import dead_letter_action_record
from jianbao_streaming.health import HealthServer, Liveness
from jianbao_streaming.metrics import StageMetrics
from jianbao_streaming.process import announce
from jianbao_streaming.trouble import Trouble

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TOPIC = "bulletins.status"


def jianbao_line(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "jianbao_standalone", *map(str, arguments)]


def run(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **settings}
    return subprocess.run(jianbao_line(*arguments), capture_output=True, text=True, timeout=120, env=environment)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_embedded(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def served_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take this process for one of Jianbao's, by whose command line they are known."""
    monkeypatch.setattr(addresses, "is_ours", lambda pid: True)


@pytest.fixture
def data(engine: Engine, tmp_path: Path) -> Path:
    return tmp_path / "data"


def status(engine: Engine, push: str, state: str, office: str = "office") -> None:
    value = json.dumps({"stage": "normalize", "state": state, "detail": None}).encode()
    headers = {names.PUSH_ID: push, names.OFFICE: office, names.SUBJECT: f"{office}.b"}
    engine.log.append([record(TOPIC, f"{push}/normalize/1", value, **headers)])


def letter(engine: Engine, reason: str) -> None:
    told = {dlq.STAGE: "extract", dlq.CODE: "internal_error", dlq.REASON: reason, dlq.FAILED_AT: NOW.isoformat()}
    engine.log.append([record(topics.dead_letters_of("extract"), "k", b"{}", **told)])


def of(stage: str, engine: Engine, data: Path) -> Any:
    return next(one for one in stage_states(engine.log, data, NOW) if one.stage == stage)


def test_the_last_error_of_a_stage_is_its_newest_open_dead_letter(engine: Engine, data: Path) -> None:
    for number in range(3):
        letter(engine, f"bug {number}")
    done = DeadLetterAction(stage="extract", partition=0, offset=2, action="drop", operator="me", at=NOW)
    engine.log.append([dead_letter_action_record(done)])
    told = of("extract", engine, data).last_error
    assert (told.message, told.source, told.at) == ("internal_error: bug 1", "extract/0/1", NOW.isoformat())
    assert of("normalize", engine, data).last_error is None


@pytest.mark.usefixtures("served_here")
def test_what_a_running_process_waits_out_comes_before_any_dead_letter(engine: Engine, data: Path) -> None:
    letter(engine, "an old bug")
    trouble = Trouble()
    server = HealthServer(0, Liveness(lambda: 0.0), lambda: True, StageMetrics("extract").registry, trouble=trouble)
    announce(data, "extract", "127.0.0.1", server.port)
    try:
        trouble.note(NOW, "cannot write the database: disk is full")
        told = of("extract", engine, data)
        assert (told.state, told.last_error.source) == ("runs", "retrying")
        assert told.last_error.message == "cannot write the database: disk is full"
        trouble.over()
        assert of("extract", engine, data).last_error.source == "extract/0/0"
    finally:
        server.close()
    assert of("extract", engine, data).state == "not running"


@pytest.mark.usefixtures("served_here")
def test_a_process_whose_loop_does_not_come_round_is_told_to_hang(engine: Engine, data: Path) -> None:
    now = [0.0]
    server = HealthServer(0, Liveness(lambda: now[0]), lambda: True, StageMetrics("extract").registry)
    announce(data, "extract", "127.0.0.1", server.port)
    now[0] = 10_000.0
    try:
        assert of("extract", engine, data).state == "hangs"
    finally:
        server.close()


def test_a_stage_that_never_ran_lags_behind_all_that_was_pushed(engine: Engine, data: Path) -> None:
    engine.log.append([record(topics.RAW, "k"), record(topics.RAW, "k"), record(topics.RAW_BACKFILL, "k")])
    assert of("normalize", engine, data).lag_records == 3


def test_waiting_is_told_in_seconds_of_the_first_that_waits() -> None:
    assert waited_s([Lag(2, NOW - timedelta(seconds=90)), Lag(1, NOW - timedelta(seconds=5)), Lag(0, None)], NOW) == 90
    assert waited_s([Lag(0, None)], NOW) == 0
    assert waited_s([Lag(3, None)], NOW) is None


def test_topics_status_tells_topics_and_stages_of_a_running_jianbao(jianbao: Running) -> None:
    pushed = jianbao.push("status-teller", "a.txt", "用来看状态的一份简报，只有一句话。".encode()).json()
    jianbao.final("status-teller", pushed["push_id"], "searchable")
    told = [json.loads(one) for one in run("topics", "status", "--data", jianbao.data).stdout.splitlines()]
    stages = {one["stage"]: one for one in told if "stage" in one}
    assert {stage: one["state"] for stage, one in stages.items()} == dict.fromkeys(stages, "runs")
    assert list(stages) == ["normalize", "extract", "search", "receipts"]
    (raw,) = [one for one in told if one.get("topic") == topics.RAW]
    assert raw["lag_seconds"].keys() == raw["lag"].keys() >= {"normalize", "receipts"}


def test_topics_status_is_a_table_for_people(data: Path, engine: Engine) -> None:
    status(engine, "push-1", "normalized")
    told = run("topics", "status", "--data", data, FORCE_COLOR="1", COLUMNS="200").stdout
    assert TOPIC in told
    assert "not running" in told


def test_every_event_of_the_catalogue_is_told_in_words() -> None:
    assert {topic.value for topic in catalogue().values()} <= DESCRIBED.keys()


def stored(topic: str, value: bytes | None, **headers: str) -> StoredRecord:
    return StoredRecord(topic, 0, 7, 0, b"key", value, tuple((name, told.encode()) for name, told in headers.items()))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (b'{"stage": "search", "state": "searchable"}', "search says searchable"),
        (b'{"stage": "x", "state": "rejected", "detail": {"code": "c", "message": "m"}}', "x says rejected: c m"),
        (b"\xff{", "unreadable: 2 bytes"),
        (b"[]", "unreadable: 2 bytes"),
        (None, "tombstone"),
        (b"", "large value, in the payload store (shown by --json and --value)"),
    ],
)
def test_a_line_says_what_a_record_is(value: bytes | None, told: str) -> None:
    assert what(stored(TOPIC, value)) == told
    assert line(stored(TOPIC, value)).endswith(f"0/7  key  {told}")


def test_of_a_dead_letter_the_reason_is_told() -> None:
    dead = stored("bulletins.extract.dlq", b"{}", **{dlq.CODE: "not_text", dlq.REASON: "an image"})
    assert what(dead) == "dead letter: not_text: an image"


def offsets(*arguments: str | Path) -> list[int]:
    done = run("tail", TOPIC, *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(one)["offset"] for one in done.stdout.splitlines()]


def test_tail_begins_and_ends_where_it_is_told(engine: Engine, data: Path) -> None:
    for number in range(15):
        status(engine, f"push-{number % 3}", "normalized", office=f"office-{number % 2}")
    assert offsets("--data", data) == list(range(5, 15))
    assert offsets("--data", data, "-n", "2") == [13, 14]
    assert offsets("--data", data, "--from", "12") == [12, 13, 14]
    assert offsets("--data", data, "--from", "start", "-n", "3") == [0, 1, 2]
    assert offsets("--data", data, "--from", "end") == []
    assert offsets("--data", data, "--push", "push-1", "--office", "office-0") == [4, 10]
    assert offsets("--data", data, "--bulletin", "office-1.b", "-n", "2", "--headers") == [1, 3]


def test_tail_fetches_large_values_and_says_which_are_missing(engine: Engine, data: Path) -> None:
    large = b'"' + b"x" * LARGEST_VALUE + b'"'
    engine.log.append([check_in(record(TOPIC, "k", large), engine.payloads)])
    assert len(run("tail", TOPIC, "--data", data, "--value").stdout) == len(large) + 1
    assert json.loads(run("tail", TOPIC, "--data", data, "--json").stdout)["value"] == "x" * LARGEST_VALUE
    for payload in (data / "payloads").rglob("*"):
        if payload.is_file():
            payload.unlink()
    assert "payload" in json.loads(run("tail", TOPIC, "--data", data, "--json").stdout)["missing"]
    assert run("tail", TOPIC, "--data", data, "--value").returncode == 1


@pytest.mark.parametrize("wrong", [["bulletin.status"], [TOPIC, "--from", "middle"], [TOPIC, "--json", "--value"]])
def test_tail_says_what_may_be_asked(wrong: list[str], engine: Engine, data: Path) -> None:
    done = run("tail", *wrong, "--data", data)
    assert done.returncode == 2
    assert any(word in done.stderr for word in (TOPIC, "start, end or an offset", "only one of"))


def test_tail_follows_until_ctrl_c_and_ends_quietly(engine: Engine, data: Path) -> None:
    status(engine, "push-1", "normalized")
    follow = subprocess.Popen(
        jianbao_line("tail", TOPIC, "--data", data, "--follow", "--headers"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert follow.stdout is not None
    assert json.loads(follow.stdout.readline())["offset"] == 0
    status(engine, "push-2", "normalized")
    assert json.loads(follow.stdout.readline())["offset"] == 1
    follow.send_signal(signal.SIGINT)
    rest, told = follow.communicate(timeout=30)
    assert (follow.returncode, rest, told) == (0, "", "")


def test_tail_ends_quietly_when_nobody_reads_any_more(engine: Engine, data: Path) -> None:
    for number in range(2000):
        status(engine, f"push-{number}", "normalized")
    tail = subprocess.Popen(
        jianbao_line("tail", TOPIC, "--data", data, "--from", "start"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert tail.stdout is not None
    assert tail.stderr is not None
    tail.stdout.readline()
    tail.stdout.close()
    assert tail.stderr.read() == b""
    assert tail.wait(timeout=30) == 0


def test_health_answers_tell_the_error_that_is_waited_out(data: Path) -> None:
    trouble = Trouble()
    server = HealthServer(0, Liveness(lambda: 0.0), lambda: True, StageMetrics("x").registry, trouble=trouble)
    try:
        trouble.note(NOW, "the disk is full")
        url = f"http://127.0.0.1:{server.port}/health/live"
        answer = until(lambda: httpx.get(url, trust_env=False), "an answer")
        assert answer.json()["last_error"] == {"at": "2026-11-22T09:00:00.000+00:00", "message": "the disk is full"}
        assert answer.status_code == 200
    finally:
        server.close()
