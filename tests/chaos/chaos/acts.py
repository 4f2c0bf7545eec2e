"""What offices do: pushes, alone, together at one moment, or in a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chaos.contents import Content

Lane = Literal["live", "backfill"]
Manner = Literal["alone", "together", "batch"]

NO_CONTENT = Content(b"")
"""What a retraction carries."""


@dataclass(frozen=True)
class Push:
    """One act on one document. Without `content` it is a retraction.

    `kind` is a word for the statistics. `form`: sent as a multipart form. `declared`: facts that the office states
    beside the content. A retraction or a revert has always a `key` (Idempotency-Key): sent again after an answer that
    was lost it is the same act.
    """

    kind: str
    office: str
    document: str
    content: Content | None = None
    key: str | None = None
    revert: bool = False
    lane: Lane = "live"
    form: bool = False
    declared: tuple[tuple[str, str], ...] = ()

    @property
    def operation(self) -> Literal["publish", "retract"]:
        """What the push asks for."""
        return "publish" if self.content else "retract"

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it the same push, after contracts.md: equal ones must have one push id, others each their own."""
        content = self.content or NO_CONTENT
        return (
            self.office,
            self.document,
            self.operation,
            content.sha256,
            content.media_type,
            content.charset,
            self.declared,
            self.revert,
            self.key,
        )


@dataclass(frozen=True)
class Spoiled:
    """An item of a batch that must be refused, and spoil no other."""

    line: bytes


@dataclass(frozen=True)
class Act:
    """Pushes that belong together, done by `worker` in the order of its acts. In a batch all are of one office."""

    worker: int
    manner: Manner
    items: tuple[Push | Spoiled, ...]

    @property
    def pushes(self) -> tuple[Push, ...]:
        """The items that must be accepted."""
        return tuple(item for item in self.items if isinstance(item, Push))
