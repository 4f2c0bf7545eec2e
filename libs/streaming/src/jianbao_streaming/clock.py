"""The real clock."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class SystemClock:
    """Wall clock and monotonic clock of this machine. `wait` ends early once `stopping` is set."""

    def __init__(self, stopping: threading.Event | None = None) -> None:
        self._stopping = stopping or threading.Event()

    def now(self) -> datetime:
        """Return the wall-clock time, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds on a clock that never jumps."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass, or less if the process is asked to stop."""
        self._stopping.wait(seconds)
