"""Running a stage as a process: engine, loop, health, signals and exit code."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from jianbao_contracts import Stage, StageStatus, notices
from jianbao_contracts import headers as names
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.dead_letters import code_of
from jianbao_streaming.engine import Engine
from jianbao_streaming.events import status_record
from jianbao_streaming.health import HealthServer, Liveness
from jianbao_streaming.in_hand import name_of
from jianbao_streaming.limit import DeadLetterLimit
from jianbao_streaming.limit_memory import bugs_in_a_row
from jianbao_streaming.loop import StageLoop, StatusOf
from jianbao_streaming.metrics import StageMetrics
from jianbao_streaming.outcomes import BatchHandler, FatalError, StoppedError
from jianbao_streaming.ports import Clock
from jianbao_streaming.process import announce, stop_on_signals
from jianbao_streaming.records import Record, StoredRecord
from jianbao_streaming.tracing import stage_spans
from jianbao_streaming.trouble import Trouble

log = logging.getLogger(__name__)


def run_stage(
    *,
    name: str,
    stage: Stage | None,
    group: str,
    topics: Sequence[str],
    handler: BatchHandler,
    engine: Engine,
    data: Path,
    health_port: int,
    service_version: str,
    prepare: Callable[[Callable[[], None]], None] | None = None,
    when_idle: Callable[[], None] = lambda: None,
    limit: DeadLetterLimit | None = None,
) -> int:
    """Run a stage until SIGTERM or SIGINT; return the exit code of its process.

    `name` is that of the process, `group` that of the consumer group and of the dead-letter topic. `stage` is the one
    whose word goes into statuses; None for a reader that decides nothing. `prepare` is called once before the first
    record, with a function to call now and then: it shows that the process is alive, and raises StoppedError once it
    is asked to stop. `when_idle` is called whenever there is nothing to do. `limit` stops the stage when too many
    records meet a bug. 0: asked to stop, and what was in hand is
    finished or given back. Else a fatal error, told in the log: its `exit_code`.
    """
    stopping = stop_on_signals()
    clock = SystemClock(stopping)
    metrics = StageMetrics(group)
    liveness = Liveness(clock.monotonic)
    member = engine.log.join(group, topics)
    prepared = Event()
    trouble = Trouble()
    health = HealthServer(
        health_port,
        liveness,
        lambda: prepared.is_set() and not stopping.is_set(),
        metrics.registry,
        trouble=trouble,
    )
    loop = StageLoop(
        name=group,
        member=member,
        handler=handler,
        payloads=engine.payloads,
        attempts=engine.attempts,
        clock=clock,
        service_version=service_version,
        status_of=dead_letter_status(stage, clock),
        metrics=metrics,
        stopping=stopping,
        alive=liveness.beat,
        when_idle=when_idle,
        spans=stage_spans(group),
        trouble=trouble,
        limit=_resumed(limit or DeadLetterLimit(), engine, group),
    )
    announce(data, name, "127.0.0.1", health.port)
    log.info("%s started: reads %s; health and metrics on port %d", name, ", ".join(topics), health.port)

    def still_wanted() -> None:
        liveness.beat()
        if stopping.is_set():
            raise StoppedError(name)

    try:
        if prepare is not None:
            prepare(still_wanted)
        prepared.set()
        loop.run()
    except StoppedError:
        log.info("%s was asked to stop before it was ready", name)
    except FatalError as error:
        log.error("%s stops: %s", name, error)  # noqa: TRY400 - the message says it all; a traceback would hide it
        return error.exit_code
    finally:
        member.close()
        health.close()
    log.info("%s stopped as asked", name)
    return 0


def _resumed(limit: DeadLetterLimit, engine: Engine, group: str) -> DeadLetterLimit:
    limit.resume(bugs_in_a_row(engine.log, group, limit.consecutive - 1))
    return limit


def dead_letter_status(stage: Stage | None, clock: Clock) -> StatusOf:
    """Return what makes the public word on a dead letter, from headers alone: the value may be unreadable.

    Where they name no push there is nobody to tell, and that must not stop the stage.
    """

    def status_of(record: StoredRecord, error: Exception) -> Sequence[Record]:
        push, office = record.header(names.PUSH_ID), record.header(names.OFFICE)
        bulletin = record.header(names.SUBJECT)
        if stage is None or not (push and office and bulletin):
            return ()
        revision, generation = record.header(names.REVISION), record.header(names.GENERATION)
        try:
            status = StageStatus(
                push_id=push,
                bulletin_id=bulletin,
                revision=int(revision) if revision else None,
                office=office,
                stage=stage,
                state="dead_lettered",
                generation=int(generation or 1),
                at=clock.now(),
                detail=notices.detail(code_of(error), str(error)[:500]),
            )
        except ValueError as wrong:
            log.warning("no status for %s: its headers name no push (%s)", name_of(record), type(wrong).__name__)
            return ()
        return (status_record(status, traceparent=record.header(names.TRACEPARENT)),)

    return status_of
