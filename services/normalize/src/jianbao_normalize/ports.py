"""What normalize needs from outside; the adapters implement it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from jianbao_normalize.domain.announcements import Announcement
from jianbao_normalize.domain.clusters import Policy
from jianbao_normalize.domain.decisions import Document
from jianbao_streaming import TransientError


class DecisionConflictError(TransientError):
    """Another process changed the decisions of a bulletin meanwhile; nothing was written: decide the batch again."""


class Decisions(Protocol):
    """The decision document of every bulletin."""

    def load(self, bulletin_ids: Collection[str]) -> Mapping[str, Document]:
        """Return the document of each bulletin; an empty one of version 0 where none is stored."""

    def save(self, documents: Sequence[Document]) -> Sequence[Document]:
        """Store all documents, or none, if each still has the version it was loaded with; return their new versions.

        Raises DecisionConflictError.
        """


class Fingerprints(Protocol):
    """All announced revisions, in the order in which they were announced."""

    def announce(self, announcements: Sequence[Announcement]) -> Sequence[Announcement]:
        """Write all that are not yet there and make them visible to every look; return them with their `sequence`.

        Create only: what was announced before keeps its first sequence.
        """

    def look(self, own: Announcement) -> Sequence[Announcement]:
        """Return candidates announced before `own` by other bulletins, most promising first.

        How many are looked at and returned is capped, so that a look costs the same however many are stored. It
        depends on what was announced earlier alone: a replay finds the same.
        """

    def find(self, bulletin_id: str, revision: int) -> Announcement | None:
        """Return an announced revision, or None."""


class Offices(Protocol):
    """What each office wants done with its duplicates."""

    def policy(self, office: str) -> Policy:
        """Return the office's policy; an office that is not known (any more) has its duplicates marked."""


class Drops(Protocol):
    """Which dead letters operators gave up."""

    def dropped(self, push_id: str) -> bool:
        """Return whether the latest act of an operator on a push's dead letter was to drop it."""
