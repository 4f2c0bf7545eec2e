"""From a request to the event of `bulletins.raw`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from jianbao_contracts import Declared, Lane, RawPush, identity
from jianbao_ingest.domain.fields import PushFields
from jianbao_ingest.domain.problems import refuse

LARGEST_CONTENT = 50 * 1024 * 1024
"""Bytes of one bulletin; the largest text bulletins known have some hundred kilobytes."""

LARGEST_EVENT = 1024 * 1024
"""Bytes of an event's value in the log; above it, content goes to the payload store (docs/contracts.md)."""

LONGEST_ENVELOPE = 32 * 1024
"""Room for all else in the event: the length limits of its fields, each character escaped in six bytes."""

LARGEST_INLINE = (LARGEST_EVENT - LONGEST_ENVELOPE) // 4 * 3
"""Bytes of content that fit into an event as base64."""

BULLETIN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\.[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Content:
    """What was pushed, as received, and what it was said to be."""

    data: bytes
    media_type: str
    charset: str | None


def published(
    office: str,
    content: Content,
    fields: PushFields,
    *,
    idempotency_key: str | None,
    new_act: str,
    received_at: datetime,
) -> RawPush:
    """Return the push of a bulletin.

    `new_act`, a random text, makes a revert without an Idempotency-Key an act of its own. Raises ProblemError for
    content that is empty or above the limit.
    """
    if not content.data:
        raise refuse("empty_body")
    if len(content.data) > LARGEST_CONTENT:
        raise refuse("too_large", limit=LARGEST_CONTENT // 1024**2)
    sha256 = hashlib.sha256(content.data).hexdigest()
    bulletin = identity.bulletin_id(office, fields.document_id, sha256)
    declared = fields.declared()
    return RawPush(
        push_id=identity.push_id(
            bulletin=bulletin,
            operation="publish",
            content_sha256=sha256,
            media_type=content.media_type,
            charset=content.charset,
            declared=declared,
            revert=fields.revert,
            idempotency_key=idempotency_key or (new_act if fields.revert else None),
        ),
        bulletin_id=bulletin,
        operation="publish",
        office=office,
        document_id=fields.document_id,
        source=fields.source,
        media_type=content.media_type,
        charset=content.charset,
        content=content.data,
        sha256=sha256,
        received_at=received_at,
        declared=declared,
        lane=fields.lane,
        revert=fields.revert,
    )


def retracted(
    office: str,
    bulletin: str,
    *,
    reason: str | None,
    lane: Lane,
    idempotency_key: str | None,
    new_act: str,
    received_at: datetime,
) -> RawPush:
    """Return the retraction of a bulletin. Whether there is one to retract is not known here: normalize decides.

    In the lane of the push that it takes back, it stays behind it.
    """
    sha256 = hashlib.sha256(b"").hexdigest()
    push = identity.push_id(
        bulletin=bulletin,
        operation="retract",
        content_sha256=sha256,
        media_type="text/plain",
        charset=None,
        declared=Declared(),
        revert=False,
        idempotency_key=idempotency_key or new_act,
    )
    return RawPush(
        push_id=push,
        bulletin_id=bulletin,
        operation="retract",
        office=office,
        content=b"",
        sha256=sha256,
        received_at=received_at,
        lane=lane,
        reason=reason,
    )


def own_bulletin(office: str, bulletin: str) -> str:
    """Return the bulletin id if it is one, and the office's own; another office's is refused without a look-up."""
    if "." in bulletin and identity.office_of(bulletin) != office:
        raise refuse("foreign_bulletin", bulletin=bulletin[:100], office=office)
    if not BULLETIN_ID.fullmatch(bulletin):
        raise refuse("bad_bulletin_id")
    return bulletin


def travels_inline(push: RawPush) -> bool:
    """Return whether the push's event, its content in base64 included, stays within LARGEST_EVENT."""
    return push.content is None or len(push.content) <= LARGEST_INLINE


def with_claim(push: RawPush, name: str) -> RawPush:
    """Return the push with its content left in the payload store under `name`."""
    return push.model_copy(update={"content": None, "dataref": name})
