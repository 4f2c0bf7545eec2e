"""What stands in the way of a process just now: what it tells to whoever asks for its health."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Trouble:
    """The error that is being waited out, with the time it was met last; none once it has healed."""

    last_error: dict[str, str] | None = field(default=None, init=False)

    def note(self, at: datetime, message: str) -> None:
        """An error was met."""
        self.last_error = {"at": at.isoformat(timespec="milliseconds"), "message": message}

    def over(self) -> None:
        """What failed has worked."""
        self.last_error = None
