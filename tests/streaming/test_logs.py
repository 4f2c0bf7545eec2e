"""Log lines: JSON for programs, bound to what is in hand, and never with the content of a bulletin."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys

import pytest
from log_engines import LogEngine, record
from loop_cost import microseconds_a_record
from observed import drained, json_lines, observed_loop
from running import Running, until

from jianbao_contracts import headers as names
from jianbao_contracts.topics import dead_letters_of
from jianbao_streaming import Emit, InvalidEvent, StoredRecord, TransientError, each
from jianbao_streaming.in_hand import facts, handling
from jianbao_streaming.logs import readable

PROCESSES = {"ingest-api", "normalize", "extract", "search-indexer", "ingest-receipts", "search-api"}
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PUSH, BULLETIN = "a" * 32, f"office.{'b' * 32}"
SECRET = "绝密的正文"
IDS = {
    names.PUSH_ID: PUSH,
    names.SUBJECT: BULLETIN,
    names.OFFICE: "office",
    names.TRACEPARENT: f"00-{TRACE}-00f067aa0ba902b7-01",
}

log = logging.getLogger("jianbao_test")


def append(engine: LogEngine, source: str, *values: bytes) -> None:
    engine.log().append([record(source, "k", value, **IDS) for value in values])


def test_a_line_says_when_who_what_and_about_which_record(engine: LogEngine) -> None:
    source = engine.topic()
    append(engine, source, b"1")

    def handle(stored: StoredRecord) -> Emit:
        log.warning("odd: %d bytes", 7)
        return Emit([])

    with json_lines("extract") as lines:
        drained(observed_loop(engine.engine(), source, source, each(handle)))
    (line,) = [line for line in lines if line["logger"] == "jianbao_test"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert isinstance(line.pop("pid"), int)
    assert line == {
        "level": "WARNING",
        "logger": "jianbao_test",
        "process": "extract",
        "message": "odd: 7 bytes",
        "push_id": PUSH,
        "bulletin_id": BULLETIN,
        "topic": source,
        "partition": 0,
        "offset": 0,
        "trace_id": TRACE,
    }


def test_a_line_inside_a_batch_names_its_own_record(engine: LogEngine) -> None:
    source = engine.topic()
    append(engine, source, *[b"x"] * 5)

    def handle(stored: StoredRecord) -> Emit:
        log.warning("at %d", stored.offset)
        return Emit([])

    with json_lines() as lines:
        drained(observed_loop(engine.engine(), source, source, each(handle)))
    told = [(line["message"], line["offset"]) for line in lines if line["logger"] == "jianbao_test"]
    assert told == [(f"at {offset}", offset) for offset in range(5)]


def test_of_a_line_about_a_whole_batch_the_first_and_the_last_record_are_told() -> None:
    batch = [StoredRecord("t", 0, offset, 0, b"k", b"", ()) for offset in (3, 4, 5)]
    with handling(batch):
        assert facts() == {"records": 3, "first": "t/0/3", "last": "t/0/5"}
        with handling(batch[1:2]):
            assert facts() == {"topic": "t", "partition": 0, "offset": 4}
    assert facts() == {}


@pytest.mark.parametrize("as_batch", [True, False])
def test_a_bug_is_told_with_its_traceback_and_without_its_words(engine: LogEngine, as_batch: bool) -> None:
    source = engine.topic()
    append(engine, source, b"1", b"2")

    def handle(stored: StoredRecord) -> Emit:
        raise ValueError(f"invalid literal for int(): {SECRET}") from KeyError(SECRET)

    def handle_batch(batch: object) -> list[Emit]:
        raise ValueError(SECRET)

    with json_lines() as lines:
        drained(observed_loop(engine.engine(), source, source, handle_batch if as_batch else each(handle)))
    dead = [line for line in lines if "became a dead letter" in line["message"]]
    assert [line["offset"] for line in dead] == [0, 1]
    for line in dead:
        assert line["push_id"] == PUSH
        assert "ValueError" in line["message"]
        assert "test_logs.py" in line["error"]
    assert SECRET not in json.dumps(lines, ensure_ascii=False)


def test_our_own_words_of_a_bad_record_are_told(engine: LogEngine) -> None:
    source = engine.topic()
    append(engine, source, b"1")

    def handle(stored: StoredRecord) -> Emit:
        raise InvalidEvent("not_text", "no encoding fits at byte 7")

    with json_lines() as lines:
        drained(observed_loop(engine.engine(), source, source, each(handle)))
    assert any("no encoding fits at byte 7" in line["message"] for line in lines)


def test_what_is_waited_out_is_told_with_its_batch(engine: LogEngine) -> None:
    source = engine.topic()
    append(engine, source, b"1", b"2")
    met: list[int] = []

    def handle(batch: object) -> list[Emit]:
        met.append(1)
        if len(met) == 1:
            raise TransientError("the disk is full")
        return [Emit([]), Emit([])]

    with json_lines() as lines:
        drained(observed_loop(engine.engine(), source, source, handle))
    (line,) = [line for line in lines if "the disk is full" in line["message"]]
    assert (line["records"], line["first"], line["last"]) == (2, f"{source}/0/0", f"{source}/0/1")


PROCESS = """
import logging, sys, threading, warnings
from jianbao_streaming.observing import start_observing
start_observing("someone")
logging.getLogger("uvicorn.error").info("Started server process")
warnings.warn("old thing")
thread = threading.Thread(target=lambda: 1 / 0, name="worker")
thread.start()
thread.join()
logging.getLogger("quiet").debug("not asked for")
raise RuntimeError("unexpected\\nend")
"""


def run(**settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROCESS], capture_output=True, text=True, env=settings, timeout=60)


def test_libraries_warnings_threads_and_the_last_exception_are_one_json_line_each() -> None:
    done = run()
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert [line["logger"] for line in lines] == ["uvicorn.error", "py.warnings", *["jianbao_streaming.logs"] * 2]
    assert all(line["process"] == "someone" for line in lines)
    assert "worker" in lines[2]["message"]
    assert "ZeroDivisionError" in lines[2]["error"]
    assert lines[3]["level"] == "CRITICAL"
    assert lines[3]["error"].endswith("RuntimeError: unexpected\nend")
    assert readable(done.stderr.splitlines()[2]).endswith("ZeroDivisionError: division by zero")


def test_text_for_people_and_a_level_of_choice() -> None:
    done = run(JIANBAO_LOG="text", JIANBAO_LOG_LEVEL="debug")
    assert "INFO someone: Started server process" in done.stderr
    assert "DEBUG someone: not asked for" in done.stderr
    assert "\nRuntimeError: unexpected\nend" in done.stderr


@pytest.mark.parametrize("setting", [{"JIANBAO_LOG": "xml"}, {"JIANBAO_LOG_LEVEL": "loud"}, {"JIANBAO_TRACES": "on"}])
def test_a_wrong_setting_ends_the_process_with_what_is_allowed(setting: dict[str, str]) -> None:
    done = run(**setting)
    assert done.returncode == 2
    assert all(word in done.stderr for word in (*setting, "set it to"))
    assert "Traceback" not in done.stderr


def test_every_line_of_every_process_is_json_and_no_bulletin_stands_in_one(jianbao: Running) -> None:
    text = "这一句话只在这份简报里出现，任何日志都不得引用：榫卯结构巡展。"
    good = jianbao.push("quiet-office", "log.txt", text.encode()).json()
    bad = jianbao.push("quiet-office", "log.bin", text.encode("utf-16-le") + bytes(range(256)) * 8).json()
    jianbao.final("quiet-office", good["push_id"], "searchable")
    jianbao.final("quiet-office", bad["push_id"])
    jianbao.search("榫卯结构")
    logs = [path for path in (jianbao.data / "logs").glob("*.log") if path.stem in PROCESSES]
    assert len(logs) == len(PROCESSES)
    for path in logs:
        content = path.read_text(encoding="utf-8")
        assert "榫卯结构" not in content
        for line in content.splitlines():
            assert {"time", "level", "logger", "process", "message"} <= json.loads(line).keys(), path.name


def test_a_bad_record_whose_headers_name_no_push_becomes_a_dead_letter_without_a_status(engine: LogEngine) -> None:
    source = engine.topic()
    headers = {**IDS, names.PUSH_ID: "no id", names.REVISION: "first"}
    engine.log().append([record(source, "k", b"1", **headers)])

    def handle(stored: StoredRecord) -> Emit:
        raise InvalidEvent("invalid_event", "no RawPush")

    with json_lines() as lines:
        drained(observed_loop(engine.engine(), source, source, each(handle)))
    assert engine.log().end(dead_letters_of(source)) == 1
    assert any("name no push" in line["message"] for line in lines)


def test_a_stage_that_stands_by_says_so_once(engine: LogEngine) -> None:
    source = engine.topic()
    first = drained(observed_loop(engine.engine(), source, source, each(lambda stored: Emit([]))))
    second = observed_loop(engine.engine(), source, source, each(lambda stored: Emit([])))
    with json_lines() as lines:
        for _ in range(5):
            second.step()
        first.member.close()
        until(lambda: second.step() is None or second.member.active, "the second to take over")
    told = [line["message"] for line in lines if source in line["message"]]
    assert [("standing by" in message) for message in told] == [True, False]


def test_what_the_loop_itself_costs_a_record_is_a_few_microseconds() -> None:
    # 3 µs on an idle machine, and a busy one counts CPU about twice; what a handler does takes hundreds
    assert min(microseconds_a_record(5000) for _ in range(5)) < 30
