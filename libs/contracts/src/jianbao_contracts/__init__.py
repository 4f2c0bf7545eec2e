"""What crosses a boundary: events, headers, identities, the topic catalogue. Imports pydantic only."""

from jianbao_contracts.audit_repair import AuditRepair, Drift
from jianbao_contracts.base import Event, Lane, Operation, ProducedBy, Script, Span, Stage
from jianbao_contracts.dead_letter_action import DeadLetterAction
from jianbao_contracts.extracted_bulletin import (
    Article,
    BulletinFacts,
    DateMention,
    Evidence,
    ExtractedBulletin,
    Issue,
    Mention,
    Quantity,
    RegionMention,
    Reprint,
    Topic,
)
from jianbao_contracts.normalized_bulletin import (
    AlignmentRun,
    Damage,
    Fingerprint,
    NormalizedBulletin,
    Relation,
    Removed,
)
from jianbao_contracts.office import Office, OfficeKey
from jianbao_contracts.raw_push import Declared, RawPush
from jianbao_contracts.receipt import Receipt, Related
from jianbao_contracts.stage_status import ON_THE_WAY, Detail, StageStatus, State

__all__ = [
    "ON_THE_WAY",
    "AlignmentRun",
    "Article",
    "AuditRepair",
    "BulletinFacts",
    "Damage",
    "DateMention",
    "DeadLetterAction",
    "Declared",
    "Detail",
    "Drift",
    "Event",
    "Evidence",
    "ExtractedBulletin",
    "Fingerprint",
    "Issue",
    "Lane",
    "Mention",
    "NormalizedBulletin",
    "Office",
    "OfficeKey",
    "Operation",
    "ProducedBy",
    "Quantity",
    "RawPush",
    "Receipt",
    "RegionMention",
    "Related",
    "Relation",
    "Removed",
    "Reprint",
    "Script",
    "Span",
    "Stage",
    "StageStatus",
    "State",
    "Topic",
]
