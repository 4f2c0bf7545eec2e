"""A receipt: all that is known of one push, as ingest answers it."""

from __future__ import annotations

from pydantic import Field

from jianbao_contracts.base import BulletinId, Event, Moment, OfficeId, Operation, PushId
from jianbao_contracts.normalized_bulletin import Relation
from jianbao_contracts.stage_status import Detail, StageStatus, State


class Related(Relation):
    """A relation as an office reads it: whose bulletin the other one is, and what the relation means."""

    office: OfficeId | None = Field(default=None, description="whose bulletin the other one is")
    office_name: str | None = Field(default=None, description="as people call that office")
    meaning: str = Field(default="", description="of `relation`, in Chinese")
    page: str | None = Field(default=None, description="address of the other bulletin on the search page")


class Receipt(Event):
    """The state of a push (that of the furthest stage), with every stage's word and links to look further."""

    push_id: PushId
    bulletin_id: BulletinId
    office: OfficeId
    operation: Operation
    source: str
    revision: int | None = None
    state: State
    final: bool
    received_at: Moment
    updated_at: Moment
    detail: Detail | None = Field(default=None, description="where the push is, and what to do; never null in answers")
    refers_to: PushId | None = None
    relations: list[Related] = []
    statuses: list[StageStatus] = []
    links: dict[str, str] = Field(
        default={},
        description="self, bulletin (its pushes and revisions), refers_to (that push's receipt): paths of the ingest "
        "API; page: where a searchable bulletin is read, a whole address",
    )
