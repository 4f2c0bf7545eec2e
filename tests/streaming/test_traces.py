"""One push, one trace: from the HTTP request to the index, seen in an exporter in memory."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from httpx import ASGITransport, AsyncClient, Response
from log_engines import LogEngine, record
from observed import drained, observed_loop
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from jianbao_contracts import headers as names
from jianbao_contracts import topics
from jianbao_extract.handler import handle as extract
from jianbao_ingest.bootstrap import application
from jianbao_ingest.settings import Settings
from jianbao_normalize.bootstrap import normalizer
from jianbao_search.adapters.folder import INDEX_FOLDER
from jianbao_search.adapters.revisions import SqliteRevisions
from jianbao_search.handler import IndexHandler
from jianbao_search.rebuilding import OwnedIndex
from jianbao_standalone.office_keys import local_key
from jianbao_streaming import Emit, StoredRecord, each
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.dead_letters import replay
from jianbao_streaming.engine import Engine, open_embedded
from jianbao_streaming.tracing import StageSpans, stage_spans

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TEXT = "湖北省文明办简报\n第1期\n\n志愿服务进社区\n武汉市三百名志愿者走进社区。".encode()
STAGES = ("normalize", "extract", "search")


@dataclass
class Tracing:
    """What spans were made so far."""

    exporter: InMemorySpanExporter
    provider: TracerProvider

    def spans(self, name: str = "") -> list[ReadableSpan]:
        return [span for span in self.exporter.get_finished_spans() if span.name.startswith(name)]

    def one(self, name: str) -> ReadableSpan:
        (span,) = self.spans(name)
        return span


@pytest.fixture
def tracing(monkeypatch: pytest.MonkeyPatch) -> Tracing:
    """Traces on, for one test: the global provider is put back, because the API lets it be set only once."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    return Tracing(exporter, provider)


@dataclass
class Chain:
    """All stages in one process, over one folder."""

    data: Path
    engine: Engine
    post: Callable[..., Response]

    def push(self, content: bytes, **headers: str) -> str:
        answer = self.post("/v1/bulletins", params={"document_id": "a.txt"}, content=content, headers=headers)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["push_id"])

    def run(self) -> None:
        """Let every stage handle all there is."""
        clock = SystemClock()
        revisions = SqliteRevisions(self.data)
        index = OwnedIndex(self.data / INDEX_FOLDER, self.engine, revisions, clock.now)
        index.prepare()
        handlers = {
            "normalize": (topics.RAW, normalizer(self.engine, self.data, clock)),
            "extract": (topics.NORMALIZED, each(extract)),
            "search": (topics.EXTRACTED, IndexHandler(index, revisions, clock.now)),
        }
        for stage, (source, handler) in handlers.items():
            drained(observed_loop(self.engine, stage, source, handler, stage_spans(stage))).member.close()
        index.close()
        revisions.close()

    def records(self, topic: str) -> list[StoredRecord]:
        reader = self.engine.log.reader([topic])
        found = list(reader.poll(1000, 0))
        reader.close()
        return found


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    engine = open_embedded(tmp_path, durable=True)
    key = local_key(tmp_path, engine.log, "hubei-wmb")
    with application(Settings(data=tmp_path)) as app, start_blocking_portal() as portal:
        client = AsyncClient(transport=ASGITransport(app), base_url="http://ingest")

        def post(path: str, headers: dict[str, str], **more: object) -> Response:
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/plain", **headers}
            return portal.call(partial(client.post, path, headers=headers, **more))

        yield Chain(tmp_path, engine, post)
    engine.close()


def test_one_push_is_one_trace_from_the_caller_to_the_index(tracing: Tracing, chain: Chain) -> None:
    push = chain.push(TEXT, traceparent=CALLER)
    chain.run()
    way = [tracing.one("POST /v1/bulletins"), *(tracing.one(f"{stage} bulletins.") for stage in STAGES)]
    assert {f"{span.context.trace_id:032x}" for span in tracing.spans()} == {CALLER.split("-")[1]}
    parents = [f"{span.parent.span_id:016x}" for span in way if span.parent]
    assert parents == [CALLER.split("-")[2], *(f"{span.context.span_id:016x}" for span in way[:-1])]
    assert [span.attributes["jianbao.push_id"] for span in way] == [push] * 4
    assert [span.attributes["jianbao.state"] for span in way[1:]] == ["normalized", "extracted", "searchable"]
    assert {span.attributes["jianbao.outcome"] for span in way[1:]} == {"emitted"}
    assert [span.kind for span in way] == [SpanKind.SERVER, *[SpanKind.CONSUMER] * 3]


def test_a_push_without_a_trace_starts_one(tracing: Tracing, chain: Chain) -> None:
    chain.push(TEXT)
    chain.run()
    assert tracing.one("POST /v1/bulletins").parent is None
    assert len({span.context.trace_id for span in tracing.spans()}) == 1
    assert len(tracing.spans()) == 4


def test_every_output_carries_the_span_of_the_stage_that_made_it(tracing: Tracing, chain: Chain) -> None:
    chain.push(TEXT)
    chain.run()
    span = tracing.one("extract ").context
    made = [*chain.records(topics.EXTRACTED), chain.records(topics.STATUS)[1]]
    for output in made:
        told = [value.decode() for name, value in output.headers if name == names.TRACEPARENT]
        assert [one.rpartition("-")[0] for one in told] == [f"00-{span.trace_id:032x}-{span.span_id:016x}"]


def test_a_dead_letter_is_an_error_and_its_replay_a_trace_linked_to_the_first(tracing: Tracing, chain: Chain) -> None:
    chain.push(bytes(range(256)) * 20, traceparent=CALLER)
    chain.run()
    failed = tracing.one("normalize ")
    assert failed.status.status_code is StatusCode.ERROR
    assert (failed.attributes["jianbao.outcome"], failed.attributes["jianbao.reason"]) == ("dead_letter", "not_text")
    assert failed.attributes["jianbao.state"] == "dead_lettered"
    (letter,) = chain.records(topics.dead_letters_of("normalize"))
    (raw,) = chain.records(topics.RAW)
    assert letter.header(names.TRACEPARENT) == raw.header(names.TRACEPARENT), "a dead letter is kept as it came"

    chain.engine.log.append([replay(letter)])
    chain.run()
    again = tracing.one("normalize bulletins.normalize.retry")
    assert again.parent is None
    assert again.context.trace_id != failed.context.trace_id
    assert [link.context.trace_id for link in again.links] == [failed.context.trace_id]


def test_what_the_loop_gives_back_leaves_no_span(tracing: Tracing, engine: LogEngine) -> None:
    source = engine.topic()
    engine.log().append([record(source, "k")])

    def handle(stored: StoredRecord) -> Emit:
        raise SystemExit

    with pytest.raises(SystemExit):
        drained(observed_loop(engine.engine(), source, source, each(handle), StageSpans(source, tracing.provider)))
    assert tracing.spans() == []


def test_a_search_is_a_span_and_a_probe_is_none(tracing: Tracing, root: Path, tmp_path: Path) -> None:
    from jianbao_search.adapters.tantivy_reader import TantivyReader
    from jianbao_search.answers import Answers
    from jianbao_search.api.app import create_app
    from jianbao_search.library import Library

    open_embedded(tmp_path).close()
    revisions = SqliteRevisions(tmp_path)
    index = TantivyReader(tmp_path / INDEX_FOLDER)
    app = create_app(index, Answers(index), Library(index, revisions), None)
    with start_blocking_portal() as portal:
        client = AsyncClient(transport=ASGITransport(app), base_url="http://search")
        for path in ("/v1/search?q=x", "/health/live", "/metrics"):
            portal.call(partial(client.get, path, headers={"traceparent": CALLER}))
    revisions.close()
    span = tracing.one("GET")
    assert span.name == "GET /v1/search"
    assert f"{span.context.trace_id:032x}" == CALLER.split("-")[1]


def test_off_nothing_is_made_and_a_trace_is_handed_on_as_it_came(chain: Chain) -> None:
    assert stage_spans("normalize") is None
    chain.push(TEXT, traceparent=CALLER)
    chain.run()
    made = [*chain.records(topics.NORMALIZED), *chain.records(topics.EXTRACTED), *chain.records(topics.STATUS)]
    assert len(made) == 5
    assert {output.header(names.TRACEPARENT) for output in made} == {CALLER}


TRACED = """
import sys
if sys.argv[1:] == ["no sdk"]:
    sys.modules["opentelemetry.sdk"] = sys.modules["opentelemetry.exporter"] = None
from jianbao_streaming.observing import start_observing
start_observing("someone")
from opentelemetry import trace
with trace.get_tracer("test").start_as_current_span("work"):
    from jianbao_streaming.tracing import current_traceparent, note, stage_spans
    note(pushes=1)
    print(bool(stage_spans("normalize")), bool(current_traceparent()))
if sys.argv[1:] == ["time the end"]:
    import time
    began = time.monotonic()
    trace.get_tracer_provider().shutdown()
    print(time.monotonic() - began)
"""


def traced(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", TRACED, *arguments]
    environment = {**os.environ, "JIANBAO_LOG": "text", "no_proxy": "127.0.0.1", **settings}
    return subprocess.run(line, capture_output=True, text=True, env=environment, timeout=60)


def test_without_the_sdk_all_works_and_traces_are_refused_with_what_to_install() -> None:
    assert traced("no sdk").stdout == "False False\n"
    refused = traced("no sdk", JIANBAO_TRACES="otlp")
    assert refused.returncode == 2
    assert "pip install 'jianbao-streaming[otel]'" in refused.stderr


def test_spans_go_where_the_standard_variables_say() -> None:
    got: list[tuple[str, bytes]] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        done = traced(JIANBAO_TRACES="otlp", OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)
    finally:
        server.shutdown()
        server.server_close()
    assert done.stdout == "True True\n", done.stderr
    ((path, body),) = got
    assert path == "/v1/traces"
    assert b"jianbao-someone" in body


def test_a_collector_that_is_away_does_not_hold_up_the_end_of_a_process() -> None:
    done = traced("time the end", JIANBAO_TRACES="otlp", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 0
    assert float(done.stdout.split()[-1]) < 10, "the supervisor kills what takes 15 s to end"
