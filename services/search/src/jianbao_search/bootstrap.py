"""The only place that builds clients and puts the parts together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from jianbao_contracts.topics import EXTRACTED, OFFICES, retries_of
from jianbao_search import VERSION
from jianbao_search.adapters.folder import INDEX_FOLDER
from jianbao_search.adapters.office_names import FollowedNames
from jianbao_search.adapters.revisions import SqliteRevisions
from jianbao_search.adapters.tantivy_reader import TantivyReader
from jianbao_search.answers import Answers
from jianbao_search.api.app import create_app
from jianbao_search.api.metrics import ApiMetrics
from jianbao_search.handler import IndexHandler
from jianbao_search.library import Library
from jianbao_search.rebuilding import OwnedIndex
from jianbao_search.settings import Settings
from jianbao_serving.listening import listen
from jianbao_serving.server import Server
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.process import announce
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
            limit=settings.limit(),
        )
    finally:
        index.close()
        revisions.close()
        engine.close()


def run_api(settings: Settings) -> int:
    """Run the search API and page until asked to stop; return the exit code. Raises OSError where it cannot start."""
    settings.data.mkdir(parents=True, exist_ok=True)
    listening = listen(settings.search_host, settings.search_port, "JIANBAO_SEARCH_PORT")
    host, port = listening.getsockname()[:2]

    def accepting() -> None:
        announce(settings.data, "search-api", host, port)
        log.info("search-api answers on http://%s:%d/", host, port)

    index = TantivyReader(settings.data / INDEX_FOLDER)
    library = Library(index, SqliteRevisions(settings.data))
    key = settings.reader_key.get_secret_value() if settings.reader_key else None
    metrics = ApiMetrics()
    engine = open_embedded(settings.data)
    offices = FollowedNames(engine.log.reader([OFFICES]), SystemClock())
    app = create_app(index, Answers(index), library, key, metrics, offices)
    server = Server(app, accepting, most_connections=settings.most_connections, told=metrics.server_refused)
    metrics.watch_connections(server.open_connections)
    warming = threading.Thread(target=_warm_up, name="dictionaries")
    warming.start()
    server.serve_until_stopped(listening)
    warming.join()  # an interpreter that ends while a thread is in native code aborts
    offices.close()
    engine.close()
    return 0


def _warm_up() -> None:
    """Load the dictionaries before anybody waits for them: they take seconds."""
    default_segmenter()
    gazetteer()
