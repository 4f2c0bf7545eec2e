"""`python -m jianbao_extract`: run the extract stage until SIGTERM."""

from __future__ import annotations

import sys

from jianbao_extract.bootstrap import run
from jianbao_extract.settings import Settings
from jianbao_streaming.process import log_to_stderr


def main() -> int:
    """Return the exit code of the process: 0 when asked to stop, 1 after a fatal error."""
    log_to_stderr()
    return run(Settings())  # type: ignore[call-arg]  # from the environment


if __name__ == "__main__":
    sys.exit(main())
