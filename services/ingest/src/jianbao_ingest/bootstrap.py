"""Builds what the two processes are made of; the only place that opens files, connections and sockets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

from fastapi import FastAPI

from jianbao_contracts import topics
from jianbao_ingest import VERSION
from jianbao_ingest.adapters.group_commit import GroupCommit
from jianbao_ingest.adapters.office_directory import OfficeDirectory
from jianbao_ingest.adapters.progress import RECEIPTS_GROUP, LogProgress
from jianbao_ingest.adapters.search_page import SearchPage
from jianbao_ingest.adapters.sqlite_receipts import SqliteReceipts
from jianbao_ingest.api.app import create_app
from jianbao_ingest.api.memory import MemoryBudget
from jianbao_ingest.api.resources import Resources, look
from jianbao_ingest.handler import ReceiptsHandler
from jianbao_ingest.intake import Intake
from jianbao_ingest.metrics import IngestMetrics
from jianbao_ingest.quotas import Quotas
from jianbao_ingest.settings import Settings
from jianbao_serving.listening import listen
from jianbao_serving.server import Server
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.process import announce
from jianbao_streaming.sqlite import DATABASE, connect
from jianbao_streaming.stage import run_stage

log = logging.getLogger(__name__)

STORING_THREADS = 4
"""Large contents that are written to the payload store at once; the disk is one."""


@contextmanager
def application(settings: Settings, on_fatal: Callable[[], None] = lambda: None) -> Iterator[FastAPI]:
    """Yield the API over the embedded engine; at the end, what waits for the log is appended and all is closed."""
    durable = open_embedded(settings.data, durable=True)
    looking_at = open_embedded(settings.data)  # of its own: a look must not queue behind an append
    receipts = SqliteReceipts(connect(settings.data / DATABASE))
    metrics = IngestMetrics()
    storing = ThreadPoolExecutor(STORING_THREADS, "payloads")
    looking = ThreadPoolExecutor(1, "receipts")
    appender = GroupCommit(durable.log, metrics, on_fatal=on_fatal)
    offices = OfficeDirectory(looking_at.log.reader([topics.OFFICES]), SystemClock())

    async def count(office: str, since: datetime, most: int, push_ids: Sequence[str]) -> tuple[int, set[str]]:
        return await look(looking, receipts.pushed_since, office, since, most, push_ids)

    try:
        yield create_app(
            Resources(
                intake=Intake(appender, durable.payloads, storing, metrics),
                offices=offices,
                receipts=receipts,
                page=SearchPage(settings.data, settings.search_url),
                quotas=Quotas(count, SystemClock()),
                progress=LogProgress(looking_at.log),
                looking=looking,
                clock=SystemClock(),
                metrics=metrics,
                memory=MemoryBudget(),
            )
        )
    finally:
        appender.close()
        offices.close()
        storing.shutdown()
        looking.shutdown()
        receipts.close()
        looking_at.close()
        durable.close()


def run_api(settings: Settings) -> int:
    """Serve the API until asked to stop; return the exit code. Raises FatalError or OSError where it cannot start."""
    listening = listen(settings.ingest_host, settings.ingest_port, "JIANBAO_INGEST_PORT")
    port = listening.getsockname()[1]
    fatal = False

    def accepting() -> None:
        announce(settings.data, "ingest-api", settings.ingest_host, port)
        log.info("ingest-api answers on http://%s:%d", settings.ingest_host, port)

    def stop() -> None:
        nonlocal fatal
        fatal = True
        server.stop()

    with application(settings, on_fatal=stop) as app:
        metrics: IngestMetrics = app.state.resources.metrics
        server = Server(app, accepting, most_connections=settings.most_connections, told=metrics.server_refused)
        metrics.watch_connections(server.open_connections)
        server.serve_until_stopped(listening)
    log.info("ingest-api stopped %s", "after a fatal error of the log" if fatal else "as asked")
    return int(fatal)


def run_receipts(settings: Settings) -> int:
    """Keep receipts until asked to stop; return the exit code."""
    engine = open_embedded(settings.data)
    return run_stage(
        name="ingest-receipts",
        stage=None,
        group=RECEIPTS_GROUP,
        topics=[topics.retries_of(RECEIPTS_GROUP), topics.STATUS, topics.RAW, topics.RAW_BACKFILL],
        handler=ReceiptsHandler(SqliteReceipts(connect(settings.data / DATABASE))),
        engine=engine,
        data=settings.data,
        health_port=settings.health_port,
        service_version=VERSION,
        limit=settings.limit(),
    )
