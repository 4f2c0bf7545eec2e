"""Copies of one text that came at one moment: one founder, and everyone else a member."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chaos.observed import Observed
from chaos.violations import Violation

COPY = "copy"
"""The kind of push that is a document's first revision and a copy of another's."""


def verify(observed: Observed) -> Iterator[Violation]:
    """Yield every group of copies that has not exactly one founder, after whom the cluster is named."""
    groups: dict[str, set[str]] = defaultdict(set)
    for one in observed.acknowledged:
        if one.push.kind == COPY and one.push.content:
            groups[one.push.content.marker].add(one.bulletin_id)
    first = {event.bulletin_id: event for event in observed.normalized if event.revision == 1}
    for marker, bulletins in groups.items():
        events = [first[bulletin_id] for bulletin_id in sorted(bulletins) if bulletin_id in first]
        founders = [event.bulletin_id for event in events if event.cluster_id == event.bulletin_id]
        told = [(event.bulletin_id, event.cluster_id, event.duplicate_of) for event in events]
        if len(founders) != 1:
            yield Violation("wrong", marker, f"{len(founders)} founders among copies: {told}")
            continue
        for event in events:
            duplicate_of = "" if event.bulletin_id == founders[0] else founders[0]
            if (event.cluster_id, event.duplicate_of) != (founders[0], duplicate_of):
                yield Violation("wrong", event.event_id, f"is in cluster {event.cluster_id}, founder is {founders[0]}")
