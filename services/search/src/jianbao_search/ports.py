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
from jianbao_search.domain.office_names import UNNAMED, OfficeNames
from jianbao_search.domain.words import Revision


class IndexUnavailableError(Exception):
    """There is no index to read now: it is missing, being rebuilt, or damaged. It comes back by itself.

    `left_s`: in about so many seconds, where that is known.
    """

    def __init__(self, reason: str, left_s: float | None = None) -> None:
        super().__init__(reason)
        self.left_s = left_s


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


class Offices(Protocol):
    """What offices are called."""

    def names(self) -> OfficeNames:
        """Return the names known now; never raises: without a name a reader sees the id."""


class NamelessOffices:
    """See `Offices`: where there is no topic of offices, readers see ids."""

    def names(self) -> OfficeNames:
        """Return no names."""
        return UNNAMED


@dataclass(frozen=True, slots=True)
class Count:
    """How many clusters have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Family:
    """The living bulletins of a cluster: how many there are, and the heads of those that came first."""

    size: int
    heads: Sequence[Head]


class Snapshot(Protocol):
    """One committed state of the index; it stays as it is while it is held."""

    @property
    def name(self) -> str:
        """What tells this state from any other, also across restarts."""

    def match(self, condition: Condition) -> Matches:
        """Return every document that matches."""

    def card(self, row: Row) -> Card:
        """Return the card of a matching document."""

    def families(self, cluster_ids: Iterable[str], most: int) -> Mapping[str, Family]:
        """Return the living bulletins of each of these clusters, the heads of up to `most` of them."""

    def head(self, bulletin_id: str) -> Head | None:
        """Return a bulletin's head, that of a withdrawn one too."""

    def facets(self, condition: Condition, matches: Matches, most: int) -> Mapping[str, Sequence[Count]]:
        """Return, for region, office, series and year, the values with most clusters among the matches."""


class ReadableIndex(Protocol):
    """The index as readers see it."""

    def snapshot(self) -> Snapshot:
        """Return the state of the latest commit. Raises IndexUnavailableError."""
