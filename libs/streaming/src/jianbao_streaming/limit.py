"""The limit that stops a stage before a bad release pours a whole topic into its dead letters."""

from __future__ import annotations

from collections import deque

from pydantic import BaseModel, Field

from jianbao_streaming.outcomes import FatalError

CONSECUTIVE, RATIO, WINDOW = 20, 0.2, 200

WHAT_TO_DO = (
    "stopped before more become dead letters. Nothing is lost: the records wait in the log. Look at the last ones "
    "(jianbao dlq list --code internal_error), mend the cause or go back to the version before, and the stage goes on "
    "by itself; then replay them. Limits: JIANBAO_DEAD_LETTER_CONSECUTIVE, JIANBAO_DEAD_LETTER_RATIO, "
    "JIANBAO_DEAD_LETTER_WINDOW"
)


class DeadLetterLimitError(FatalError):
    """Too many records met a bug: nothing of the batch in hand is committed, and no record is blamed for it."""


class DeadLetterLimit:
    """Counts bugs among the latest records; bad records (InvalidEvent) are the offices' and do not count.

    `consecutive`: so many bugs in a row stop the stage. `ratio`: so large a share of the latest `window` records does,
    once at least half a window was seen.
    """

    def __init__(self, consecutive: int = CONSECUTIVE, ratio: float = RATIO, window: int = WINDOW) -> None:
        self._consecutive = consecutive
        self._ratio = ratio
        self._in_a_row = 0
        self._latest: deque[bool] = deque(maxlen=window)
        self._bugs = 0

    @property
    def consecutive(self) -> int:
        """How many bugs in a row stop the stage."""
        return self._consecutive

    def resume(self, in_a_row: int) -> None:
        """Go on where the life of this stage before this one ended: with so many bugs in a row."""
        self._in_a_row = in_a_row

    def note(self, bug: bool) -> None:
        """Count one record. Raises DeadLetterLimitError where a limit is reached."""
        if len(self._latest) == self._latest.maxlen and self._latest[0]:
            self._bugs -= 1
        self._latest.append(bug)
        self._bugs += bug
        self._in_a_row = self._in_a_row + 1 if bug else 0
        seen = len(self._latest)
        half_a_window = (self._latest.maxlen or 0) // 2
        if self._in_a_row >= self._consecutive:
            raise DeadLetterLimitError(f"{self._in_a_row} records in a row met a bug: {WHAT_TO_DO}")
        if seen >= half_a_window and self._bugs > self._ratio * seen:
            raise DeadLetterLimitError(f"{self._bugs} of the latest {seen} records met a bug: {WHAT_TO_DO}")


class LimitSettings(BaseModel):
    """The settings of every stage's limit, from the environment like its others (prefix JIANBAO_)."""

    dead_letter_consecutive: int = Field(default=CONSECUTIVE, ge=1, description="bugs in a row that stop the stage")
    dead_letter_ratio: float = Field(default=RATIO, gt=0, le=1, description="share of bugs that stops it; 1: never")
    dead_letter_window: int = Field(default=WINDOW, ge=2, description="latest records that the share is of")

    def limit(self) -> DeadLetterLimit:
        """Return a limit that has seen nothing yet."""
        return DeadLetterLimit(self.dead_letter_consecutive, self.dead_letter_ratio, self.dead_letter_window)
