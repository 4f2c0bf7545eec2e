"""The event of `jianbao.dead-letter-actions`: what an operator did with a dead letter, as an audit trail."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jianbao_contracts.base import Event, Moment, PushId


class DeadLetterAction(Event):
    """One act on one dead letter; the key stage/partition/offset of the dead letter keeps the latest act."""

    stage: str
    partition: int
    offset: int
    push_id: PushId | None = None
    action: Literal["replay", "drop"]
    operator: str
    at: Moment
    reason: str | None = Field(default=None, max_length=2000, description="why, in the operator's own words")
