"""What the interface description says where routes read the request themselves."""

from __future__ import annotations

from typing import Any

from jianbao_ingest.domain.cursors import LARGEST_SIZE, MOST_CHOSEN, STATES
from jianbao_ingest.domain.fields import BatchItem, PushFields, Retraction


def _parameters(*names: str) -> list[dict[str, Any]]:
    properties = PushFields.model_json_schema()["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": schema, "description": schema.get("description", "")}
        for name, schema in properties.items()
        if not names or name in names
    ]


IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 255},
    "description": "同一次操作重发时用同一个值；换一个值即为新的操作",
}
_ITEM = BatchItem.model_json_schema()
_FIELDS = PushFields.model_json_schema()
_FILE = {"type": "string", "format": "binary"}


def _form(file: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    return {"schema": {"type": "object", "required": ["file"], "properties": {"file": file, "metadata": metadata}}}


PUSH: dict[str, Any] = {
    "parameters": [*_parameters(), IDEMPOTENCY_KEY],
    "requestBody": {
        "required": True,
        "content": {"*/*": {"schema": _FILE}, "multipart/form-data": _form(_FILE, _FIELDS)},
    },
}
BATCH: dict[str, Any] = {
    "parameters": [*_parameters("lane"), IDEMPOTENCY_KEY],
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {"schema": _ITEM},
            "multipart/form-data": _form({"type": "array", "items": _FILE}, {"type": "array", "items": _FIELDS}),
        },
    },
}
RETRACT: dict[str, Any] = {
    "parameters": [*_parameters("lane"), IDEMPOTENCY_KEY],
    "requestBody": {
        "required": False,
        "content": {"application/json": {"schema": Retraction.model_json_schema()}},
    },
}
RECEIPTS: dict[str, Any] = {
    "parameters": [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": {"type": "string"},
            "description": description,
        }
        for name, description in (
            ("since", "自何时起推送的：日期（北京时间）或 RFC 3339 时间"),
            ("push_id", f"只查这些推送，用逗号并列，最多 {MOST_CHOSEN} 个；不与其他条件同用"),
            ("state", f"状态，可用逗号并列：{'、'.join(STATES)}"),
            ("size", f"每页条数，1 到 {LARGEST_SIZE}"),
            ("cursor", "上一页答复中的 cursor"),
        )
    ]
}
BULLETIN: dict[str, Any] = {
    "parameters": [
        {
            "name": "cursor",
            "in": "query",
            "required": False,
            "schema": {"type": "string"},
            "description": "上一页答复中的 cursor",
        }
    ]
}
