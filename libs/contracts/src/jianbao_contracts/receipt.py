"""A receipt: all that is known of one push, as ingest answers it."""

from __future__ import annotations

from jianbao_contracts.base import BulletinId, Event, Moment, OfficeId, Operation, PushId
from jianbao_contracts.normalized_bulletin import Relation
from jianbao_contracts.stage_status import Detail, StageStatus, State


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
    detail: Detail | None = None
    refers_to: PushId | None = None
    relations: list[Relation] = []
    statuses: list[StageStatus] = []
    links: dict[str, str] = {}
