"""A saboteur inside the processes under test: Python runs this file at start where PYTHONPATH names its folder.

No product code knows of it. It makes two sentences deadly as a bug in native code would: no exception, no last word. It
is the only file of this program that touches the services, and it runs in their processes, never in the oracle's.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

DEADLY = {"normalize": "此句令规整进程当场猝死", "extract": "此句令抽取进程当场猝死"}


def _sabotage_normalize() -> None:
    from jianbao_normalize.domain import reading

    sound = reading.read

    def read(content: bytes, **declared: Any) -> Any:
        if DEADLY["normalize"].encode() in content:
            os.kill(os.getpid(), signal.SIGKILL)
        return sound(content, **declared)

    reading.read = read


def _sabotage_extract() -> None:
    from jianbao_extract.domain import extraction

    sound = extraction.extract

    def extract(normalized: Any) -> Any:
        if DEADLY["extract"] in normalized.text:
            os.abort()
        return sound(normalized)

    extraction.extract = extract


if "jianbao_normalize" in sys.orig_argv:
    _sabotage_normalize()
if "jianbao_extract" in sys.orig_argv:
    _sabotage_extract()
