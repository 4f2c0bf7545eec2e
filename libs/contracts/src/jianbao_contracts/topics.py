"""The topic catalogue: which topics there are, who writes and reads them, and how long they live."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

RAW = "bulletins.raw"
RAW_BACKFILL = "bulletins.raw.backfill"
NORMALIZED = "bulletins.normalized"
EXTRACTED = "bulletins.extracted"
STATUS = "bulletins.status"
OFFICES = "jianbao.offices"
DEAD_LETTER_ACTIONS = "jianbao.dead-letter-actions"
AUDIT_REPAIRS = "jianbao.audit-repairs"


class Topic(BaseModel):
    """One topic. `retention_days` null: kept for ever (compacted topics keep the latest value of each key)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    value: str
    key: str
    partition_by: str
    partitions: int
    cleanup: Literal["delete", "compact"]
    retention_days: int | None
    producers: list[str]
    consumers: list[str]
    purpose: str


@cache
def catalogue() -> dict[str, Topic]:
    """Return all topics by name, as `topics.json` lists them."""
    text = files("jianbao_contracts").joinpath("topics.json").read_text(encoding="utf-8")
    return {topic.name: topic for topic in TypeAdapter(list[Topic]).validate_json(text)}


def dead_letters_of(stage: str) -> str:
    """Return the topic that holds what a stage could not handle."""
    return f"bulletins.{stage}.dlq"


def retries_of(stage: str) -> str:
    """Return the topic of replayed dead letters that this stage alone reads."""
    return f"bulletins.{stage}.retry"
