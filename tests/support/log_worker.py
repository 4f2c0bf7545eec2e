"""A process over a log, for tests that kill it: log_worker.py ENGINE ADDRESS TASK ARGUMENTS."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from log_engines import open_engine

from jianbao_streaming import Emit, Record, StoredRecord, each
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.limit import DeadLetterLimit
from jianbao_streaming.loop import StageLoop
from jianbao_streaming.metrics import StageMetrics
from jianbao_streaming.stage import run_stage


def say(line: str) -> None:
    print(line, flush=True)


def hold(engine: str, address: str, group: str, topic: str) -> None:
    """Join, poll until records came, say so, and never commit."""
    member = open_engine(engine, address).log.join(group, [topic])
    while not (batch := member.poll(10, 0.5)):
        pass
    say(f"holding {len(batch)}")
    threading.Event().wait()


def copy(engine: str, address: str, group: str, source: str, target: str) -> None:
    """Copy records in small batches, one output a record, and say how far it came after every commit."""
    member = open_engine(engine, address).log.join(group, [source])
    done = 0
    while True:
        batch = member.poll(7, 0.5)
        if not batch:
            continue
        member.commit(batch, [Record(target, r.key, r.value, r.headers, r.key) for r in batch])
        done += len(batch)
        say(str(done))


def deadly(engine: str, address: str, group: str, source: str, target: str) -> None:
    """Run the real loop with a handler that dies of a certain record, and end when `source` is used up."""
    opened = open_engine(engine, address)

    def handle(stored: StoredRecord) -> Emit:
        if stored.value == b"deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        return Emit([Record(target, stored.key, stored.value, (), stored.key)])

    def no_status(_record: StoredRecord, _error: Exception) -> Sequence[Record]:
        return ()

    member = opened.log.join(group, [source])
    stopping = threading.Event()
    loop = StageLoop(
        name=group,
        member=member,
        handler=each(handle),
        payloads=opened.payloads,
        attempts=opened.attempts,
        clock=SystemClock(),
        service_version="test",
        status_of=no_status,
        metrics=StageMetrics(group),
        stopping=stopping,
        limit=DeadLetterLimit(),
        poll_timeout_s=0.1,
    )
    while opened.log.committed(group, source) < opened.log.end(source):
        loop.step()


def stage(engine: str, address: str, group: str, source: str, target: str) -> None:
    """Run a real stage whose handler says when it has a record in hand, and waits for a line before it answers."""
    opened = open_engine(engine, address)

    def handle(stored: StoredRecord) -> Emit:
        say("in hand")
        sys.stdin.readline()
        return Emit([Record(target, stored.key, stored.value, (), stored.key)])

    code = run_stage(
        name="slow",
        stage=None,
        group=group,
        topics=[source],
        handler=each(handle),
        engine=opened,
        data=Path(address),
        health_port=0,
        service_version="test",
        prepare=lambda still_wanted: still_wanted(),
    )
    sys.exit(code)


if __name__ == "__main__":
    {"hold": hold, "copy": copy, "deadly": deadly, "stage": stage}[sys.argv[3]](*sys.argv[1:3], *sys.argv[4:])
