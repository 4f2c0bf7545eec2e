"""A stage whose log lines and spans a test looks at."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jianbao_contracts import topics
from jianbao_streaming import BatchHandler
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import Engine
from jianbao_streaming.logs import JsonLines
from jianbao_streaming.loop import StageLoop
from jianbao_streaming.metrics import StageMetrics
from jianbao_streaming.stage import dead_letter_status
from jianbao_streaming.tracing import StageSpans


def observed_loop(
    engine: Engine, group: str, source: str, handler: BatchHandler, spans: StageSpans | None = None
) -> StageLoop:
    """A loop over a source and the retries of its group."""
    clock = SystemClock()
    return StageLoop(
        name=group,
        member=engine.log.join(group, [topics.retries_of(group), source]),
        handler=handler,
        payloads=engine.payloads,
        attempts=engine.attempts,
        clock=clock,
        service_version="1",
        status_of=dead_letter_status("normalize", clock),
        metrics=StageMetrics(group),
        stopping=threading.Event(),
        spans=spans,
        poll_timeout_s=0.05,
    )


def drained(loop: StageLoop) -> StageLoop:
    """The loop after it has handled all there is."""
    for _ in range(200):
        loop.step()
        if loop.member.active and loop.member.lag() == 0:
            return loop
    raise AssertionError("the stage is stuck")


@contextmanager
def json_lines(process: str = "test") -> Iterator[list[dict[str, Any]]]:
    """The log lines of a block as programs read them, filled in at its end."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines(process))
    root, lines = logging.getLogger(), []  # type: ignore[var-annotated]
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        lines += [json.loads(line) for line in written.getvalue().splitlines()]
