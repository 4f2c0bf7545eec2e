"""Looking up bulletins, their revisions and articles by id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jianbao_contracts import Article, ExtractedBulletin
from jianbao_search.answers import Cluster, cluster_around
from jianbao_search.domain.head import Head
from jianbao_search.domain.original import stretch
from jianbao_search.domain.words import Revision, last_retraction
from jianbao_search.ports import ReadableIndex, Revisions

MOST_OTHERS = 100
"""Other members of a cluster that the answer on one bulletin lists."""


class UnknownError(LookupError):
    """No bulletin, revision or article has this id."""


class WithdrawnError(LookupError):
    """The bulletin was withdrawn."""


@dataclass(frozen=True, slots=True)
class Found:
    """A bulletin: its living revision, all revisions, and its cluster."""

    event: ExtractedBulletin
    revisions: Sequence[Revision]
    cluster: Cluster


class Library:
    """Looks up what the index says is living, and reads it from the store of revisions."""

    def __init__(self, index: ReadableIndex, revisions: Revisions) -> None:
        self._index = index
        self._revisions = revisions

    def bulletin(self, bulletin_id: str) -> Found:
        """Return the living revision. Raises UnknownError, WithdrawnError, IndexUnavailableError."""
        snapshot = self._index.snapshot()
        head = snapshot.head(bulletin_id)
        event = self._living(head)
        family = snapshot.families([event.cluster_id], MOST_OTHERS + 1)[event.cluster_id]
        cluster = cluster_around(snapshot, bulletin_id, family, MOST_OTHERS)
        return Found(event, self._revisions.of(bulletin_id), cluster)

    def revision(self, bulletin_id: str, number: int) -> ExtractedBulletin:
        """Return one revision, living or overtaken by a later one. Raises UnknownError, WithdrawnError.

        What stands before a retraction stays withdrawn, whatever is published later: the office took that text back, and
        what it publishes again has a number of its own. The stored revisions are asked, not the index: they know of a
        retraction before anybody is told so.
        """
        event = self._revisions.get(bulletin_id, number)
        if event is None:
            raise UnknownError(f"{bulletin_id}/{number}")
        if event.operation == "publish" and number < self.withdrawn_up_to(bulletin_id):
            raise WithdrawnError(f"{bulletin_id}/{number}")
        return event

    def withdrawn_up_to(self, bulletin_id: str) -> int:
        """Return the number of the latest retraction, 0 where there is none: text before it is withdrawn."""
        return last_retraction(self._revisions.of(bulletin_id))

    def revisions(self, bulletin_id: str) -> Sequence[Revision]:
        """Return all stored revisions in order."""
        return self._revisions.of(bulletin_id)

    def article(self, article_id: str) -> tuple[ExtractedBulletin, Article]:
        """Return a living article with its bulletin. Raises UnknownError, WithdrawnError, IndexUnavailableError."""
        bulletin_id = article_id.rpartition("/")[0]
        event = self._living(self._index.snapshot().head(bulletin_id))
        article = next((one for one in event.articles if one.article_id == article_id), None)
        if article is None:
            raise UnknownError(article_id)
        return event, article

    def _living(self, head: Head | None) -> ExtractedBulletin:
        if head is None:
            raise UnknownError("no head")
        if head.withdrawn:
            raise WithdrawnError(head.bulletin_id)
        return self.revision(head.bulletin_id, head.revision)


def as_printed(event: ExtractedBulletin, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return stretches of the text as they stand in the original."""
    runs = sorted(event.alignment)
    places = [stretch(runs, start, end) for start, end in spans]
    return [event.original[place[0] : place[1]] for place in places if place is not None]
