"""The event of `jianbao.audit-repairs`: what an audit found wrong, and that it was told to be mended."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jianbao_contracts.base import BulletinId, Event, Moment, PushId

Drift = Literal["missing", "stale", "incomplete", "ghost", "lost", "twice", "missing_receipt", "wrong_receipt"]
"""missing: the log's latest revision is not in the index. stale: the index holds an older one. incomplete: fewer or more
articles are there than the head says. ghost: the index holds what the log does not know. lost: a stage read the record
of a push, and nothing came of it. twice: a push was published though its decision says otherwise. missing_receipt,
wrong_receipt: a push has no receipt, or one that says other than what stands in the topics."""


class AuditRepair(Event):
    """One repair of one difference; the key kind/id keeps the latest one."""

    kind: Drift
    bulletin_id: BulletinId | None = None
    push_id: PushId | None = None
    sent_to: str = Field(description="topic through which the owner of the damaged part was told to mend it")
    difference: str = Field(description="what the audit found, in English")
    operator: str
    at: Moment
