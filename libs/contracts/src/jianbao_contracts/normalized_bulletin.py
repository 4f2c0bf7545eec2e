"""The event of `bulletins.normalized`: one clean Simplified text, every character traceable to the original."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jianbao_contracts.base import (
    BulletinId,
    Event,
    Moment,
    OfficeId,
    Operation,
    ProducedBy,
    PushId,
    Script,
    Sha256,
)
from jianbao_contracts.raw_push import Declared

AlignmentRun = tuple[int, int, int, int]
"""start in text, length, start in original, length; unequal lengths where something was restored or joined."""


class Removed(Event):
    """A stretch of `original` that is not in `text`, and why."""

    start: int
    end: int
    kind: Literal["pinyin", "markup", "page_furniture", "repeated_text", "control"]


class Damage(Event):
    """A damaged place: what stands in `text` now, what stood in `original`, and what it was restored from."""

    start: int
    end: int
    original_start: int
    original_end: int
    kind: Literal["gbk_shift", "mojibake", "replacement", "lost"]
    restored: str | None = Field(default=None, description="null: not certain, U+FFFD stands in text")
    evidence: Literal["bytes", "second_copy"] | None = None


class Fingerprint(Event):
    """What a near copy is found by. `scheme` names algorithm, shingle length, permutations and bands."""

    sha256: Sha256 = Field(description="of the text as it is compared: Simplified, half width, letters and digits only")
    minhash: str = Field(description="base64 of little-endian 32-bit minima")
    scheme: str


class Relation(Event):
    """How this revision relates to another bulletin that was announced earlier."""

    bulletin_id: BulletinId
    revision: int
    source: str
    relation: Literal["exact", "near", "correction", "contains", "contained_in"]
    similarity: float = Field(ge=0, le=1)


class NormalizedBulletin(Event):
    """One revision of one bulletin as clean text. A retraction has `operation: retract` and empty text."""

    bulletin_id: BulletinId
    revision: int = Field(ge=1)
    push_id: PushId
    operation: Operation
    office: OfficeId
    source: str
    declared: Declared = Declared()
    text: str = Field(description="Simplified, cleaned, one paragraph a line")
    original: str = Field(description="what was decoded, in reading order, before any cleaning")
    alignment: list[AlignmentRun]
    script: Script
    paragraph_scripts: list[Script | None] = Field(description="one a line of text; null: nothing tells")
    removed: list[Removed] = []
    damage: list[Damage] = []
    fingerprint: Fingerprint | None = Field(default=None, description="null for a retraction")
    relations: list[Relation] = []
    cluster_id: BulletinId
    duplicate_of: BulletinId | None = None
    copies_of_body: int = 1
    content_sha256: Sha256
    received_at: Moment
    sequence: int | None = Field(description="place in the order of announcements; null for a retraction")
    generation: int = Field(default=1, ge=1)
    produced_by: ProducedBy
    normalized_at: Moment
