"""A stage as a process: health, metrics, and a stop that finishes what is in hand."""

from __future__ import annotations

import json
import signal
import socket
import struct
from pathlib import Path

import httpx
import pytest
from log_engines import LogEngine, record

from jianbao_streaming.health import LONGEST_SILENCE_S, HealthServer, Liveness
from jianbao_streaming.metrics import StageMetrics


def test_a_stop_finishes_the_batch_in_hand_and_ends_with_0(engine: LogEngine) -> None:
    log, source, target = engine.log(), engine.topic(), engine.topic()
    log.append([record(source, "k", b"1")])
    with engine.worker("stage", source, source, target) as worker:
        assert worker.stdout
        assert worker.stdin
        assert worker.stdout.readline() == "in hand\n"
        worker.send_signal(signal.SIGTERM)
        worker.stdin.write("go on\n")
        worker.stdin.flush()
        assert worker.wait(timeout=30) == 0
    assert log.end(target) == 1
    assert log.committed(source, source) == 1


def test_a_stage_tells_where_it_serves_health_and_metrics(engine: LogEngine) -> None:
    log, source, target = engine.log(), engine.topic(), engine.topic()
    log.append([record(source, "k", b"1")])
    with engine.worker("stage", source, source, target) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == "in hand\n"
        told = json.loads((Path(engine.address) / "run" / "slow.json").read_text(encoding="utf-8"))
        assert told["pid"] == worker.pid
        base = f"http://127.0.0.1:{told['port']}"
        assert httpx.get(f"{base}/health/live", trust_env=False).status_code == 200
        assert httpx.get(f"{base}/health/ready", trust_env=False).json() == {"ready": True}
        assert "jianbao_records_total" in httpx.get(f"{base}/metrics", trust_env=False).text


@pytest.mark.parametrize(("silent_s", "status"), [(1.0, 200), (LONGEST_SILENCE_S + 1, 503)])
def test_a_loop_that_has_not_come_round_for_long_is_not_alive(silent_s: float, status: int) -> None:
    now = [0.0]
    liveness = Liveness(lambda: now[0])
    server = HealthServer(0, liveness, lambda: False, StageMetrics("test").registry)
    try:
        now[0] = silent_s
        base = f"http://127.0.0.1:{server.port}"
        assert httpx.get(f"{base}/health/live", trust_env=False).status_code == status
        assert httpx.get(f"{base}/health/ready", trust_env=False).status_code == 503
        assert httpx.get(f"{base}/elsewhere", trust_env=False).status_code == 404
        liveness.beat()
        assert httpx.get(f"{base}/health/live", trust_env=False).status_code == 200
    finally:
        server.close()


def test_a_burst_of_signals_stops_a_stage_and_never_hangs_it(engine: LogEngine) -> None:
    log, source, target = engine.log(), engine.topic(), engine.topic()
    log.append([record(source, "k", b"1")])
    for _ in range(3):
        with engine.worker("stage", source, source, target) as worker:
            assert worker.stdout
            assert worker.stdin
            if log.committed(source, source) == 0:
                assert worker.stdout.readline() == "in hand\n"
                worker.stdin.write("go on\n")
                worker.stdin.flush()
            else:
                told = Path(engine.address) / "run" / "slow.json"
                while json.loads(told.read_text(encoding="utf-8"))["pid"] != worker.pid:
                    assert worker.poll() is None
            for _ in range(300):
                worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=30) == 0


def test_a_client_that_goes_away_is_no_error(capfd: pytest.CaptureFixture[str]) -> None:
    server = HealthServer(0, Liveness(lambda: 0.0), lambda: True, StageMetrics("test").registry)
    try:
        for said in (b"", b"GET /metrics HTTP/1.1", b"GET /metrics HTTP/1.1\r\n\r\n"):
            client = socket.create_connection(("127.0.0.1", server.port))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close by a reset
            client.sendall(said)
            client.close()
        answer = httpx.get(f"http://127.0.0.1:{server.port}/metrics", trust_env=False)
        assert "process_resident_memory_bytes" in answer.text
    finally:
        server.close()
    assert capfd.readouterr().err == ""


def test_a_bug_in_an_answer_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> bool:
        raise RuntimeError("a bug")

    server = HealthServer(0, Liveness(lambda: 0.0), broken, StageMetrics("test").registry)
    try:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"http://127.0.0.1:{server.port}/health/ready", trust_env=False)
    finally:
        server.close()
    assert "a request for health or metrics failed" in caplog.text
