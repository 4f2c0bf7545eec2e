"""JSON Schemas of all events, generated from the models: `python -m jianbao_contracts.schemas` writes them anew."""

from __future__ import annotations

import json
from pathlib import Path

from jianbao_contracts.audit_repair import AuditRepair
from jianbao_contracts.base import Event
from jianbao_contracts.dead_letter_action import DeadLetterAction
from jianbao_contracts.extracted_bulletin import ExtractedBulletin
from jianbao_contracts.normalized_bulletin import NormalizedBulletin
from jianbao_contracts.office import Office
from jianbao_contracts.raw_push import RawPush
from jianbao_contracts.receipt import Receipt
from jianbao_contracts.stage_status import StageStatus

EVENTS: tuple[type[Event], ...] = (
    RawPush,
    NormalizedBulletin,
    ExtractedBulletin,
    StageStatus,
    Office,
    DeadLetterAction,
    AuditRepair,
    Receipt,
)
FOLDER = Path(__file__).parent


def generate() -> dict[str, str]:
    """Return file name → schema text (what a reader may rely on: the serialised form) for every event."""
    return {
        f"{event.__name__}.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **event.model_json_schema(mode="serialization"),
            },
            ensure_ascii=False,
            indent=2,
            sort_keys=True,
        )
        + "\n"
        for event in EVENTS
    }
