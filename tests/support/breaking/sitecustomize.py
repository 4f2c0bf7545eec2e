"""Makes a stage fail on records that hold a marker: on the PYTHONPATH of tests only, so that no product code knows of it.

The file that JIANBAO_TEST_FAULT names says `MODULE HOW`: which service fails, and by which signal (or `bug`). Without the
file nothing fails: to remove it is to mend the service.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

MARKER = "遇此必错"


def _fault(module: str) -> str | None:
    try:
        wanted, how = Path(os.environ["JIANBAO_TEST_FAULT"]).read_text("utf-8").split()
    except (OSError, ValueError):
        return None
    return how if wanted == module else None


def _fail(how: str) -> None:
    if how == "bug":
        raise RuntimeError("a bug that a test has put here")
    os.kill(os.getpid(), getattr(signal, how))


def _break(module: str) -> None:
    from jianbao_streaming import events

    whole = events.parse

    def parse(record: Any, model: Any) -> Any:
        event = whole(record, model)
        text = getattr(event, "text", None) or (getattr(event, "content", None) or b"").decode("utf-8", "replace")
        if MARKER in text and (how := _fault(module)) is not None:
            _fail(how)
        return event

    events.parse = parse


if "JIANBAO_TEST_FAULT" in os.environ and "-m" in sys.orig_argv:
    _module = sys.orig_argv[sys.orig_argv.index("-m") + 1]
    if _module in ("jianbao_normalize", "jianbao_extract", "jianbao_search"):
        _break(_module)
