"""Makes a stage fail on records that hold a marker: on the PYTHONPATH of tests only, so that no product code knows of it.

The file that JIANBAO_TEST_FAULT names says `MODULE HOW`: which service fails, and by which signal (or `bug`). Without the
file nothing fails: to remove it is to mend the service. normalize fails while it cleans the content, behind its decision;
the others while they read the event.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

MARKER = "遇此必错"


def _may_fail(module: str, text: str) -> None:
    try:
        wanted, how = Path(os.environ["JIANBAO_TEST_FAULT"]).read_text("utf-8").split()
    except (OSError, ValueError):
        return
    if wanted != module or MARKER not in text:
        return
    if how == "bug":
        raise RuntimeError("a bug that a test has put here")
    os.kill(os.getpid(), getattr(signal, how))


def _break_parsing(module: str) -> None:
    from jianbao_streaming import events

    whole = events.parse

    def parse(record: Any, model: Any) -> Any:
        event = whole(record, model)
        _may_fail(module, getattr(event, "text", None) or "")
        return event

    events.parse = parse


def _break_cleaning(module: str) -> None:
    from jianbao_normalize.domain import cleaning

    whole = cleaning.clean

    def clean(content: bytes, **facts: Any) -> Any:
        _may_fail(module, content.decode("utf-8", "replace"))
        return whole(content, **facts)

    cleaning.clean = clean


if "JIANBAO_TEST_FAULT" in os.environ and "-m" in sys.orig_argv:
    _module = sys.orig_argv[sys.orig_argv.index("-m") + 1]
    if _module == "jianbao_normalize":
        _break_cleaning(_module)
    elif _module in ("jianbao_extract", "jianbao_search"):
        _break_parsing(_module)
