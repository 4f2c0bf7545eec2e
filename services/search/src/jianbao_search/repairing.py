"""What an audit found wrong in the index is written anew: from the stored revisions, not from what the index says."""

from __future__ import annotations

from collections.abc import Sequence

from jianbao_search.domain.admission import admit
from jianbao_search.domain.documents import Document, documents_of
from jianbao_search.domain.head import Head
from jianbao_search.ports import Revisions
from jianbao_streaming.repairs import Repair


def mended(how: Repair, bulletin_id: str, head: Head | None, revisions: Revisions) -> Sequence[Document] | None:
    """Return the documents that the index should hold of a bulletin; None: leave them as they are.

    Every stored revision is let in once more, in order, so that the head has what it would have had (the place of the
    first revision in its cluster). `head` is the one that stands now: a rewrite never lowers it, for the index may be
    ahead of what is stored. A removal does, and of a bulletin without stored revisions nothing stays.
    """
    known = revisions.of(bulletin_id)
    if how == "rewrite" and head is not None and (not known or head.version > known[-1].version):
        return None
    new: Head | None = None
    event = None
    for revision in known:
        event = revisions.get(bulletin_id, revision.revision)
        if event is not None:
            new = admit(new, event) or new
    return documents_of(event, new) if event is not None and new is not None else ()
