"""What the oracle needs of a log: to read it from the side, to know what waits, and to keep a stage from its work.

One implementation an engine; nothing here or there is shared with the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class TopicRecord:
    """A record as any consumer sees it. `claimed`: its value lies in the payload store."""

    topic: str
    offset: int
    headers: Mapping[str, str]
    value: bytes
    claimed: bool

    def header(self, name: str) -> str:
        """Return a header's value; empty where there is none."""
        return self.headers.get(name, "")


class Topics(Protocol):
    """A log read from the side."""

    def records(self, topic: str) -> Iterator[TopicRecord]:
        """Yield all records of a topic in the order of the log; none where it does not exist."""

    def waiting(self) -> Mapping[str, int]:
        """Return, for each consumer group, how many records wait for it, all counted at one moment."""

    def outage(self, group: str, stop: AbstractContextManager[object]) -> AbstractContextManager[None]:
        """Keep every member of a group from reading, as long as the context lasts, whatever restarts them.

        `stop` is entered to stop the member that reads now.
        """
