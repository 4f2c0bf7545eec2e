"""How a push is written as an HTTP request, alone or as a line of a batch."""

from __future__ import annotations

import base64
import json
from typing import Any

from chaos.acts import NO_CONTENT, Push, Spoiled


def publication(push: Push) -> dict[str, Any]:
    """Return the arguments of a POST to /v1/bulletins."""
    content = push.content or NO_CONTENT
    headers = {"Idempotency-Key": push.key} if push.key else {}
    said: dict[str, Any] = {"document_id": push.document, "source": f"{push.document}.txt", **dict(push.declared)}
    if push.revert:
        said["revert"] = "true"
    if push.lane != "live":
        said["lane"] = push.lane
    if not push.form:
        return {"params": said, "headers": {**headers, "Content-Type": content.content_type}, "content": content.data}
    metadata = json.dumps({**said, "revert": push.revert}, ensure_ascii=False)
    return {
        "headers": headers,
        "files": [
            ("file", (f"{push.document}.txt", content.data, content.content_type)),
            ("metadata", (None, metadata, "application/json")),
        ],
    }


def batch(items: tuple[Push | Spoiled, ...]) -> bytes:
    """Return the body of a POST to /v1/bulletins/batch: a JSON object a line."""
    return b"\n".join(item.line if isinstance(item, Spoiled) else _line(item) for item in items)


def _line(push: Push) -> bytes:
    said: dict[str, Any] = {"document_id": push.document, "source": f"{push.document}.txt", "lane": push.lane}
    said |= {"operation": push.operation, "revert": push.revert, "idempotency_key": push.key, **dict(push.declared)}
    if content := push.content:
        said |= {"media_type": content.media_type}
        if (content.media_type, content.charset) == ("text/plain", "utf-8") and _is_utf8(content.data):
            said["content"] = content.data.decode()
        else:
            said |= {"charset": content.charset, "content_base64": base64.b64encode(content.data).decode()}
    return json.dumps(said, ensure_ascii=False).encode()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
