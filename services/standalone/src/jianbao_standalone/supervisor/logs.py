"""The log files of the processes: how large they may become, and what stands last in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

MOST_LOG_BYTES = 20 * 1024 * 1024
"""A log is started afresh (the old one kept beside it) beyond this size."""

LOOKED_AT_BYTES = 16 * 1024
LONGEST_WORD = 2000
"""Characters: an advice names the data folder, maybe twice, and must not be cut in the middle of a command."""

NOTHING = "nothing"
"""The last word of a process that said none."""

FRESH_S = 5.0
"""A process that ends of itself says why within this time; what was said earlier is not why."""

ERRORS = frozenset({"ERROR", "CRITICAL"})
TEXT_LINE = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) (?P<level>[A-Z]+) ")

SERVER_RULE = "-" * 40
"""Line that the standard library's HTTP server prints around a traceback of a connection that broke."""


def make_room(log: Path) -> None:
    """Put a log that has become large aside, in place of the one put aside before."""
    if log.exists() and log.stat().st_size > MOST_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))


def last_word(log: Path, since: int, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> str:
    """Return what a process said last, from byte `since` of its log on, in one line of readable length, or NOTHING.

    A line that bears an older time than some seconds says nothing about the end, unless it tells an error.

    A traceback stands for its last line, which says what happened. One of a broken connection is left out: health
    probes break connections, and no process dies of that.
    """
    from jianbao_streaming.logs import readable  # only when something has died: its imports take a moment

    try:
        with log.open("rb") as file:
            file.seek(max(since, file.seek(0, 2) - LOOKED_AT_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return NOTHING
    said = [line.strip() for line in _without_broken_connections(text.splitlines()) if line.strip()]
    if not said or _is_long_gone(said[-1], now()):
        return NOTHING
    return readable(said[-1])[:LONGEST_WORD]


def _is_long_gone(line: str, now: datetime) -> bool:
    """Return whether a line was written well before `now` and tells no error; one without a time was not."""
    try:
        if told := TEXT_LINE.match(line):
            at, level = datetime.strptime(told["time"], "%Y-%m-%d %H:%M:%S.%f").astimezone(), told["level"]
        else:
            said = json.loads(line)
            at, level = datetime.fromisoformat(said["time"]), said["level"]
        return level not in ERRORS and (now - at).total_seconds() > FRESH_S
    except (ValueError, TypeError, KeyError):
        return False


def _without_broken_connections(lines: list[str]) -> Iterator[str]:
    inside = False
    for line, following in pairwise([*lines, ""]):
        if line == SERVER_RULE:
            inside = not inside and following.startswith("Exception occurred during processing")
        elif not inside:
            yield line
