"""The log files of the processes: how large they may become, and what stands last in them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

MOST_LOG_BYTES = 20 * 1024 * 1024
"""A log is started afresh (the old one kept beside it) beyond this size."""

LOOKED_AT_BYTES = 16 * 1024
LONGEST_WORD = 400

SERVER_RULE = "-" * 40
"""Line that the standard library's HTTP server prints around a traceback of a connection that broke."""


def make_room(log: Path) -> None:
    """Put a log that has become large aside, in place of the one put aside before."""
    if log.exists() and log.stat().st_size > MOST_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))


def last_word(log: Path, since: int) -> str:
    """Return what a process said last, from byte `since` of its log on, in one line of readable length.

    A traceback stands for its last line, which says what happened. One of a broken connection is left out: health
    probes break connections, and no process dies of that.
    """
    from jianbao_streaming.logs import readable  # only when something has died: its imports take a moment

    try:
        with log.open("rb") as file:
            file.seek(max(since, file.seek(0, 2) - LOOKED_AT_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return "nothing"
    said = [line.strip() for line in _without_broken_connections(text.splitlines()) if line.strip()]
    return readable(said[-1])[:LONGEST_WORD] if said else "nothing"


def _without_broken_connections(lines: list[str]) -> Iterator[str]:
    inside = False
    for line, following in pairwise([*lines, ""]):
        if line == SERVER_RULE:
            inside = not inside and following.startswith("Exception occurred during processing")
        elif not inside:
            yield line
