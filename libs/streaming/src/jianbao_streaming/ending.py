"""How a process ends that cannot start or go on: one line that says why, and an exit code that says what for."""

from __future__ import annotations

import logging
from collections.abc import Callable

from jianbao_streaming.outcomes import FatalError, TransientError

log = logging.getLogger(__name__)


def exit_code_of(run: Callable[[], int]) -> int:
    """Return what `run` returns, or the exit code of what ended it, told in one line of the log."""
    try:
        return run()
    except FatalError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says it all; a traceback would hide it
        return error.exit_code
    except (TransientError, OSError) as error:
        log.error("cannot start or go on now: %s", error)  # noqa: TRY400
        return 1
