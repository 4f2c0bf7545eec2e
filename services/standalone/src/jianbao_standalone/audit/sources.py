"""What an audit reads: the log by headers, and what the services keep beside it, all at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from jianbao_contracts import State
from jianbao_normalize.domain.decisions import Document
from jianbao_search.domain.words import Revision
from jianbao_streaming import StoredRecord


@dataclass(frozen=True, slots=True)
class Seen:
    """A record without its value. `headers` by name, the last value of each."""

    topic: str
    partition: int
    offset: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """What an index holds of a bulletin. `version` None: articles without a head; `articles` is what the head says."""

    bulletin_id: str
    version: int | None
    withdrawn: bool
    articles: int
    found: int


class Sources(Protocol):
    """All but the index, at one moment: what was committed later is in none of the answers."""

    def seen(self, topic: str, first: int = 0) -> Iterator[Seen]:
        """Yield a topic's records from an offset on, in order, without values."""

    def records(self, topic: str) -> Iterator[StoredRecord]:
        """Yield a topic's records in order, with values: only for topics of small values."""

    def committed(self, group: str, topic: str) -> int:
        """Return the next offset that a group will read."""

    def record(self, topic: str, offset: int) -> StoredRecord | None:
        """Return one record, or None."""

    def latest(self, topic: str, key: str) -> StoredRecord | None:
        """Return the latest record of a key, or None."""

    def words(self, push_id: str) -> list[StoredRecord]:
        """Return the latest record of every word that was said of a push."""

    def decisions(self) -> Iterator[Document]:
        """Yield normalize's decisions, bulletin by bulletin."""

    def revisions(self) -> Iterator[tuple[str, Revision]]:
        """Yield the revisions that search has stored, those of a bulletin together and in order."""

    def receipts(self) -> Iterator[tuple[str, State]]:
        """Yield every push that has a receipt, with its state."""

    def wrong_words(self) -> Iterator[tuple[str, str]]:
        """Yield pushes whose receipts hold other words than were said, each with what differs."""


class Index(Protocol):
    """The index of search, as it is when it is looked at."""

    def held(self) -> Iterator[Held]:
        """Yield what it holds of each bulletin. Raises IndexUnavailableError."""
