"""The event of `jianbao.offices`: who may push, and how its duplicates are treated."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jianbao_contracts.base import Event, Moment, OfficeId, Sha256


class OfficeKey(Event):
    """A key's SHA-256; the key itself (256 random bits) is shown once and stored nowhere."""

    sha256: Sha256
    created_at: Moment
    revoked_at: Moment | None = None


class Office(Event):
    """An office with its keys. The latest event of an office id holds."""

    office: OfficeId
    name: str = Field(description="as people call it, e.g. 湖北省文明办")
    keys: list[OfficeKey] = []
    role: Literal["office", "reader", "operator"] = "office"
    duplicates: Literal["mark", "accept", "reject"] = "mark"
    quota_per_day: int | None = Field(default=None, description="pushes a Beijing day; null: no limit")
    changed_at: Moment
