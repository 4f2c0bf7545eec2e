"""The event of `bulletins.raw`: what an office pushed, as received, never parsed."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from jianbao_contracts.base import Adcode, BulletinId, Event, Lane, Moment, OfficeId, Operation, PushId, Sha256


class Declared(Event):
    """What the office itself says of the bulletin; a hint for later stages, never trusted over the text."""

    title: str | None = Field(default=None, max_length=500)
    published_on: date | None = None
    region: Adcode | None = None


class RawPush(Event):
    """One push of one bulletin: to publish it, or to retract it (then `content` is empty and `reason` may say why)."""

    push_id: PushId
    bulletin_id: BulletinId
    operation: Operation
    office: OfficeId
    document_id: str | None = Field(default=None, max_length=500)
    source: str = Field(default="", max_length=1000, description="file name or URL the office gave")
    media_type: str = "text/plain"
    charset: str | None = None
    content: bytes | None = Field(default=None, description="base64 in JSON; null where `dataref` holds it")
    dataref: str | None = Field(default=None, description="name in the payload store of a content too large for a log")
    sha256: Sha256 = Field(description="of the content's bytes")
    received_at: Moment
    declared: Declared = Declared()
    lane: Lane = "live"
    revert: bool = Field(default=False, description="publish content again that an earlier revision already had")
    reason: str | None = Field(default=None, max_length=2000, description="why it is retracted")

    @model_validator(mode="after")
    def _content_stands_in_one_place(self) -> Self:
        if (self.content is None) == (self.dataref is None):
            raise ValueError("exactly one of content and dataref must be given")
        return self
