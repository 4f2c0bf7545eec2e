"""`python -m jianbao_normalize`: run the service until it is asked to stop."""

from __future__ import annotations

import sys

from jianbao_normalize.bootstrap import NAME, TOPICS, VERSION, normalizer, warm_up
from jianbao_normalize.settings import Settings
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.ending import exit_code_of
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.observing import start_observing
from jianbao_streaming.settings import read_settings
from jianbao_streaming.stage import run_stage


def main() -> int:
    """Return the exit code of the process: 0 when asked to stop, else that of what ended it."""
    start_observing(NAME)
    return exit_code_of(lambda: run(read_settings(Settings)))


def run(settings: Settings) -> int:
    """Run the stage until asked to stop; return the exit code. Raises FatalError where it cannot start."""
    engine = open_embedded(settings.data)
    try:
        return run_stage(
            name=NAME,
            stage="normalize",
            group=NAME,
            topics=TOPICS,
            handler=normalizer(engine, settings.data, SystemClock()),
            engine=engine,
            data=settings.data,
            health_port=settings.health_port,
            service_version=VERSION,
            prepare=warm_up,
            limit=settings.limit(),
        )
    finally:
        engine.close()


if __name__ == "__main__":
    sys.exit(main())
