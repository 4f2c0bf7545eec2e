"""What search needs from outside: an index to write, an index to read, and a store of revisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jianbao_contracts import ExtractedBulletin
from jianbao_search.domain.card import Card
from jianbao_search.domain.collapse import Matches, Row
from jianbao_search.domain.conditions import Condition
from jianbao_search.domain.documents import Document
from jianbao_search.domain.head import Head
from jianbao_search.domain.words import Revision


class IndexUnavailableError(Exception):
    """There is no index to read now: it is missing, being rebuilt, or damaged. It comes back by itself."""


class Index(Protocol):
    """The index as its one writer sees it."""

    def heads(self, bulletin_ids: Iterable[str]) -> Mapping[str, Head]:
        """Return the committed heads of those bulletins that have one."""

    def write(self, documents: Mapping[str, Sequence[Document]]) -> None:
        """Put these documents, by bulletin, in the place of all that the index holds of those bulletins.

        All of it in one durable commit, or nothing. Raises TransientError.
        """

    def close(self) -> None:
        """Let another writer in."""


class Revisions(Protocol):
    """Every revision of every bulletin, readable by its number."""

    def keep(self, events: Sequence[ExtractedBulletin]) -> None:
        """Store revisions; an older generation never takes the place of a newer one."""

    def get(self, bulletin_id: str, revision: int) -> ExtractedBulletin | None:
        """Return one revision, or None."""

    def around(self, bulletin_id: str, revision: int) -> tuple[Revision | None, Revision | None]:
        """Return the closest stored revisions before and after one of a bulletin, or None."""

    def of(self, bulletin_id: str) -> Sequence[Revision]:
        """Return all stored revisions of a bulletin in order."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many clusters have this value."""

    value: str
    count: int


class Snapshot(Protocol):
    """One committed state of the index; it stays as it is while it is held."""

    @property
    def name(self) -> str:
        """What tells this state from any other, also across restarts."""

    def match(self, condition: Condition) -> Matches:
        """Return every document that matches."""

    def card(self, row: Row) -> Card:
        """Return the card of a matching document."""

    def members(self, cluster_ids: Iterable[str]) -> Sequence[Head]:
        """Return the heads of all living bulletins of these clusters."""

    def head(self, bulletin_id: str) -> Head | None:
        """Return a bulletin's head, that of a withdrawn one too."""

    def facets(self, condition: Condition, matches: Matches, most: int) -> Mapping[str, Sequence[Count]]:
        """Return, for region, office, series and year, the values with most clusters among the matches."""


class ReadableIndex(Protocol):
    """The index as readers see it."""

    def snapshot(self) -> Snapshot:
        """Return the state of the latest commit. Raises IndexUnavailableError."""
