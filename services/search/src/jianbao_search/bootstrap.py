"""The only place that builds clients and puts the parts together."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable

import uvicorn

from jianbao_contracts.topics import EXTRACTED, retries_of
from jianbao_search import VERSION
from jianbao_search.adapters.folder import INDEX_FOLDER
from jianbao_search.adapters.revisions import SqliteRevisions
from jianbao_search.adapters.tantivy_reader import TantivyReader
from jianbao_search.answers import Answers
from jianbao_search.api.app import create_app
from jianbao_search.handler import IndexHandler
from jianbao_search.library import Library
from jianbao_search.rebuilding import OwnedIndex
from jianbao_search.settings import Settings
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.process import announce, stop_on_signals
from jianbao_streaming.stage import run_stage
from jianbao_text.ik import default_segmenter
from jianbao_text.places import gazetteer

log = logging.getLogger(__name__)


def run_indexer(settings: Settings) -> int:
    """Run the indexer until asked to stop; return the exit code."""
    engine = open_embedded(settings.data)
    clock = SystemClock()
    revisions = SqliteRevisions(settings.data)
    index = OwnedIndex(settings.data / INDEX_FOLDER, engine, revisions, clock.now)

    def prepare(still_wanted: Callable[[], None]) -> None:
        index.still_wanted = still_wanted
        _warm_up()
        index.prepare()

    try:
        return run_stage(
            name="search-indexer",
            stage="search",
            group="search",
            topics=[retries_of("search"), EXTRACTED],
            handler=IndexHandler(index, revisions, clock.now),
            engine=engine,
            data=settings.data,
            health_port=settings.health_port,
            service_version=VERSION,
            prepare=prepare,
            when_idle=index.mend,
        )
    finally:
        index.close()
        revisions.close()
        engine.close()


class AnnouncingServer(uvicorn.Server):
    """Says where it can be reached once it answers."""

    def __init__(self, config: uvicorn.Config, settings: Settings, bound: socket.socket) -> None:
        super().__init__(config)
        self._settings = settings
        self._bound = bound

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start serving, then announce."""
        await super().startup(sockets)
        host, port = self._bound.getsockname()[:2]
        announce(self._settings.data, "search-api", host, port)
        log.info("search-api answers on http://%s:%d/", host, port)


def run_api(settings: Settings) -> int:
    """Run the search API and page until asked to stop; return the exit code."""
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        bound = bind(settings.search_host, settings.search_port)
    except OSError as error:
        log.error("cannot listen on %s port %d: %s", settings.search_host, settings.search_port, error)  # noqa: TRY400
        return 1
    index = TantivyReader(settings.data / INDEX_FOLDER)
    library = Library(index, SqliteRevisions(settings.data))
    key = settings.reader_key.get_secret_value() if settings.reader_key else None
    app = create_app(index, Answers(index), library, key)
    warming = threading.Thread(target=_warm_up, name="dictionaries")
    warming.start()
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
    # uvicorn raises a signal again once it has stopped; a handler that does nothing more lets the process end with 0
    stop_on_signals()
    AnnouncingServer(config, settings, bound).run(sockets=[bound])
    warming.join()  # an interpreter that ends while a thread is in native code aborts
    return 0


def bind(host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 is any free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def _warm_up() -> None:
    """Load the dictionaries before anybody waits for them: they take seconds."""
    default_segmenter()
    gazetteer()
