"""A stage as a process: health, metrics, and a stop that finishes what is in hand."""

from __future__ import annotations

import json
import signal
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
