"""`python -m jianbao_extract`: run the extract stage until SIGTERM."""

from __future__ import annotations

import sys

from jianbao_extract.bootstrap import NAME, run
from jianbao_extract.settings import Settings
from jianbao_streaming.ending import exit_code_of
from jianbao_streaming.observing import start_observing
from jianbao_streaming.settings import read_settings


def main() -> int:
    """Return the exit code of the process: 0 when asked to stop, else that of what ended it."""
    start_observing(NAME)
    return exit_code_of(lambda: run(read_settings(Settings)))


if __name__ == "__main__":
    sys.exit(main())
