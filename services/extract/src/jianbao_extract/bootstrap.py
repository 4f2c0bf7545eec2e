"""Builds what the service needs from its settings, and runs it: the only place that opens anything."""

from __future__ import annotations

from collections.abc import Callable

from jianbao_contracts import topics
from jianbao_extract import service_version
from jianbao_extract.handler import handle
from jianbao_extract.settings import Settings
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.outcomes import each
from jianbao_streaming.stage import run_stage
from jianbao_text.ik import default_segmenter
from jianbao_text.places import gazetteer

NAME = "extract"
TOPICS = (topics.retries_of(NAME), topics.NORMALIZED)
"""In order of urgency: a replayed dead letter first."""


def run(settings: Settings) -> int:
    """Run the stage until it is asked to stop; return the exit code."""
    engine = open_embedded(settings.data)
    try:
        return run_stage(
            name=NAME,
            stage="extract",
            group=NAME,
            topics=TOPICS,
            handler=each(handle),
            engine=engine,
            data=settings.data,
            health_port=settings.health_port,
            service_version=service_version(),
            prepare=_warm_up,
            limit=settings.limit(),
        )
    finally:
        engine.close()


def _warm_up(still_wanted: Callable[[], None]) -> None:
    """Load dictionaries before the first bulletin waits for them: they take a second or two."""
    default_segmenter()
    still_wanted()
    gazetteer().find("")  # the first search builds what finds names
    still_wanted()
