"""The first thing that a process does: logs and traces, as the environment says."""

from __future__ import annotations

import sys

from jianbao_streaming.logs import start_logging
from jianbao_streaming.outcomes import FatalError
from jianbao_streaming.settings import WrongSettingError
from jianbao_streaming.tracing import start_tracing


def start_observing(process: str) -> None:
    """Start logs and traces under this process's name; end it with exit code 2 where a setting of them is wrong."""
    try:
        start_logging(process)
        start_tracing(process)
    except FatalError as error:
        sys.stderr.write(f"{process} cannot start: {error}\n")
        raise SystemExit(WrongSettingError.exit_code) from None
