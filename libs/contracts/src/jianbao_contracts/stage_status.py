"""The event of `bulletins.status`: what a stage made of a push."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jianbao_contracts.base import BulletinId, Event, Moment, OfficeId, PushId, Stage
from jianbao_contracts.normalized_bulletin import Relation

State = Literal[
    "accepted",
    "normalized",
    "extracted",
    "searchable",
    "repeated",
    "superseded",
    "withdrawn",
    "rejected",
    "dead_lettered",
    "dropped",
]

ON_THE_WAY: frozenset[State] = frozenset({"accepted", "normalized", "extracted"})
"""States that another one will follow; all others end a push's way."""


class Detail(Event):
    """What an office is told: a stable code, what happened, and what to do next (both in Chinese)."""

    code: str
    message: str
    action: str = ""
    reason: str = Field(default="", description="the technical reason, in English, for operators")


class StageStatus(Event):
    """One stage's word on one push. The key push_id/stage/generation keeps the latest word of each stage."""

    push_id: PushId
    bulletin_id: BulletinId
    revision: int | None = None
    office: OfficeId
    stage: Stage
    state: State
    generation: int = 1
    at: Moment
    detail: Detail | None = None
    refers_to: PushId | None = Field(default=None, description="the push that this one repeats or is overtaken by")
    relations: list[Relation] = []
