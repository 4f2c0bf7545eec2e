"""The limit that stops a stage before a bad release pours a whole topic into its dead letters."""

from __future__ import annotations

from collections import deque

from jianbao_streaming.outcomes import FatalError


class DeadLetterLimit:
    """Counts bugs among the latest records; bad records (InvalidEvent) are the offices' and do not count.

    `consecutive`: so many bugs in a row stop the stage. `ratio`: so large a share of the latest `window` records does,
    once at least half a window was seen.
    """

    def __init__(self, consecutive: int = 20, ratio: float = 0.2, window: int = 200) -> None:
        self._consecutive = consecutive
        self._ratio = ratio
        self._in_a_row = 0
        self._latest: deque[bool] = deque(maxlen=window)
        self._bugs = 0

    def note(self, bug: bool) -> None:
        """Count one record. Raises FatalError where a limit is reached; nothing of its batch is committed then."""
        if len(self._latest) == self._latest.maxlen and self._latest[0]:
            self._bugs -= 1
        self._latest.append(bug)
        self._bugs += bug
        self._in_a_row = self._in_a_row + 1 if bug else 0
        seen = len(self._latest)
        half_a_window = (self._latest.maxlen or 0) // 2
        if self._in_a_row >= self._consecutive:
            raise FatalError(f"{self._in_a_row} records in a row met a bug: stopped before more become dead letters")
        if seen >= half_a_window and self._bugs > self._ratio * seen:
            raise FatalError(
                f"{self._bugs} of the latest {seen} records met a bug: stopped before more are dead letters"
            )
