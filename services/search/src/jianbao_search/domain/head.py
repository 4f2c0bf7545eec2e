"""The head of a bulletin: what the index last accepted of it, and under which version."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from jianbao_contracts import identity


@dataclass(frozen=True, slots=True)
class Head:
    """`withdrawn`: the bulletin is retracted and the head is a mark that keeps older revisions out.

    `sequence` is the place of the bulletin's first revision in its cluster, so that a corrected original still leads;
    `relations` are (bulletin id, relation) pairs.
    """

    bulletin_id: str
    revision: int
    generation: int
    push_id: str
    office: str
    source: str
    withdrawn: bool
    articles: int
    cluster_id: str
    sequence: int | None
    relations: tuple[tuple[str, str], ...] = ()

    @property
    def version(self) -> int:
        """The version under which the index accepted the bulletin."""
        return identity.index_version(self.revision, self.generation)

    def to_json(self) -> bytes:
        """Return the head as it is stored in the index."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()


def head_from_json(stored: bytes) -> Head:
    """Return a stored head."""
    fields = json.loads(stored)
    relations = tuple((other, relation) for other, relation in fields.pop("relations"))
    return Head(**fields, relations=relations)
