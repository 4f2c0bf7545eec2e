"""Whether a revision enters the index.

The version is revision x 2^20 + generation. Lower than the head's: stale, nothing is written. Equal: a replay, written
again identically. Higher: it takes the place of what lived before.
"""

from __future__ import annotations

from jianbao_contracts import ExtractedBulletin, identity
from jianbao_search.domain.head import Head


def admit(head: Head | None, event: ExtractedBulletin) -> Head | None:
    """Return the bulletin's new head, given the one it has; None where the event is stale and writes nothing."""
    if head is not None and identity.index_version(event.revision, event.generation) < head.version:
        return None
    return Head(
        bulletin_id=event.bulletin_id,
        revision=event.revision,
        generation=event.generation,
        push_id=event.push_id,
        office=event.office,
        source=event.source,
        withdrawn=event.operation == "retract",
        articles=len(event.articles),
        cluster_id=event.cluster_id,
        sequence=_first_sequence(head, event),
        relations=tuple((relation.bulletin_id, relation.relation) for relation in event.relations),
    )


def _first_sequence(head: Head | None, event: ExtractedBulletin) -> int | None:
    known = [head.sequence] if head is not None and head.cluster_id == event.cluster_id else []
    return min((number for number in (*known, event.sequence) if number is not None), default=None)
