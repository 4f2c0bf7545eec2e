"""What every event model shares: immutable, forward compatible, strict about what it promises."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer


class Event(BaseModel):
    """Base of all models that cross a boundary. Unknown fields are ignored on read, so that minor versions mix."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_bytes="base64", val_json_bytes="base64")

    def to_json(self) -> bytes:
        """Return the event's value as it is stored in a topic: UTF-8 JSON, every field present."""
        return self.model_dump_json().encode()


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


Moment = Annotated[
    AwareDatetime,
    AfterValidator(lambda moment: moment.astimezone(UTC)),
    PlainSerializer(_rfc3339, return_type=str, when_used="json"),
]
"""A point in time, RFC 3339, always UTC when written."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Adcode = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="GB/T 2260 code of a region, six digits")]
OfficeId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="short name of an office")]
BulletinId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\.[0-9a-f]{32}$")]
PushId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Span = Annotated[tuple[int, int], Field(description="code points, half open [start, end)")]

Operation = Literal["publish", "retract"]
Lane = Literal["live", "backfill"]
Stage = Literal["ingest", "normalize", "extract", "search"]
Script = Literal["simplified", "traditional", "mixed"]


class ProducedBy(Event):
    """Which code made a derived event."""

    service: str
    version: str
    rules: str = Field(description="version of the rule set; a change of it is a reason to reprocess")
