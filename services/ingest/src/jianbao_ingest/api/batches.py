"""Pushing many bulletins at once: each item stands for itself, and one that is refused does not spoil the others."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from jianbao_contracts import RawPush, identity
from jianbao_ingest.api.access import KEY_NEEDED, Pushing
from jianbao_ingest.api.batch_answers import BatchAnswers
from jianbao_ingest.api.bodies import lines, read_body, refuse_if_longer
from jianbao_ingest.api.descriptions import BATCH
from jianbao_ingest.api.heavy import away_if_large
from jianbao_ingest.api.memory import Lease
from jianbao_ingest.api.multipart import is_multipart, read_form
from jianbao_ingest.api.pushing import as_push, idempotency_key, read_metadata
from jianbao_ingest.api.resources import Given, Resources
from jianbao_ingest.domain.fields import BatchItem, checked
from jianbao_ingest.domain.media_types import declared_type
from jianbao_ingest.domain.problems import ProblemError, refuse
from jianbao_ingest.domain.pushes import LARGEST_CONTENT, Content, own_bulletin, retracted
from jianbao_ingest.domain.query import read_query
from jianbao_ingest.domain.strict_json import read, read_object

MOST_ITEMS = 10_000
MOST_BYTES = 256 * 1024 * 1024
"""Of one batch; it is read line by line, so this bounds a request's time, not its memory."""

MOST_FORM_BYTES = 100 * 1024 * 1024
"""Of a batch as a form, which is held in memory: its metadata may come last."""

LARGEST_LINE = LARGEST_CONTENT * 4 // 3 + 128 * 1024
"""An item of the largest content in base64, with its fields."""

Item = tuple[Mapping[str, Any], bytes | None]
"""What is said of an item, and its content where that came as a file."""

router = APIRouter(prefix="/v1/bulletins", dependencies=KEY_NEEDED, tags=["推送"])


@router.post("/batch", status_code=207, openapi_extra=BATCH, summary="批量推送")
async def push_batch(request: Request, office: Pushing, resources: Given) -> JSONResponse:
    """每行一个 JSON 对象（NDJSON），或用表单上传多个 file。逐条答复；一条被拒不影响其他条。"""
    defaults = {name: value for name, value in read_query(request.scope["query_string"]).items() if name == "lane"}
    key = idempotency_key(request)
    answers = BatchAnswers(resources.intake, resources.metrics, request.headers.get("traceparent"))
    with resources.memory.lease() as reading, resources.memory.lease() as gathering:
        as_form = is_multipart(request.headers.get("content-type"))
        items = _form_items(request, reading) if as_form else _line_items(request, reading)
        try:
            async for item in items:
                if len(answers) == MOST_ITEMS:
                    raise refuse("batch_too_long", limit=MOST_ITEMS)
                try:
                    push = await _as_push(resources, office.office, item, defaults, key)
                    await resources.quotas.let_in(office, push)
                    gathering.hold(answers.waiting_bytes + len(push.content or b""))
                    await answers.add(push)
                except ProblemError as error:
                    answers.refuse(error.problem)
        except ProblemError as error:
            if not len(answers):
                raise
            answers.stop(error.problem)
        await answers.settle()
    if not len(answers):
        raise refuse("empty_batch")
    return JSONResponse(answers.document(), status_code=207)


async def _line_items(request: Request, lease: Lease) -> AsyncIterator[Item | ProblemError]:
    too_large = refuse("batch_too_large", limit=MOST_BYTES // 1024**2)
    refuse_if_longer(request, most=MOST_BYTES, too_large=too_large)
    async for line in lines(request, longest=LARGEST_LINE, most=MOST_BYTES, too_large=too_large, lease=lease):
        if line is None:
            yield refuse("too_large", limit=LARGEST_CONTENT // 1024**2)
        elif line.strip():
            try:
                yield await away_if_large(len(line), read_object, line, "这一条"), None
            except ProblemError as error:
                yield error


async def _form_items(request: Request, lease: Lease) -> AsyncIterator[Item | ProblemError]:
    too_large = refuse("batch_too_large", limit=MOST_FORM_BYTES // 1024**2)
    body = await read_body(request, most=MOST_FORM_BYTES, too_large=too_large, lease=lease)
    parts = await away_if_large(len(body), read_form, body, request.headers.get("content-type", ""))
    files = [part for part in parts if part.name == "file"]
    metadata = [part.data for part in parts if part.name == "metadata" and part.data.strip()]
    if not files:
        raise refuse("missing_file")
    said = read(read_metadata(metadata[0]), "metadata ") if metadata else [{}] * len(files)
    if not isinstance(said, list) or len(said) != len(files) or len(metadata) > 1:
        raise refuse("metadata_mismatch", files=len(files), entries=len(said) if isinstance(said, list) else 1)
    for file, entry in zip(files, said, strict=True):
        if isinstance(entry, dict):
            yield {"source": file.filename or "", "media_type": file.content_type, **entry}, file.data
        else:
            yield refuse("not_an_object", place="metadata 中的这一项")


async def _as_push(
    resources: Resources, office: str, item: Item | ProblemError, defaults: Mapping[str, str], key: str | None
) -> RawPush:
    if isinstance(item, ProblemError):
        raise item
    said, file = item
    fields = checked(BatchItem, {**defaults, **said})
    key = fields.idempotency_key or key
    if fields.operation == "publish":
        size = max(len(fields.content or ""), len(fields.content_base64 or ""))
        content = await away_if_large(size, _content, fields, file)
        return await as_push(resources, office, content, fields, key)
    return retracted(
        office,
        _bulletin(office, fields),
        reason=fields.reason,
        lane=fields.lane,
        idempotency_key=key,
        new_act=uuid.uuid4().hex,
        received_at=resources.clock.now(),
    )


def _bulletin(office: str, fields: BatchItem) -> str:
    if fields.bulletin_id is not None:
        return own_bulletin(office, fields.bulletin_id)
    if fields.document_id is not None:
        return identity.bulletin_id(office, fields.document_id, "")
    raise refuse("missing_bulletin")


def _content(fields: BatchItem, file: bytes | None) -> Content:
    media_type, charset = declared_type(fields.media_type, fields.source)
    given = [content for content in (file, fields.content, fields.content_base64) if content is not None]
    if not given:
        raise refuse("missing_content")
    if len(given) > 1:
        raise refuse("two_contents")
    if fields.content is not None:
        return Content(fields.content.encode(), media_type, "utf-8")  # the charset of the JSON text it came in
    charset = fields.charset.strip().lower() if fields.charset else charset
    if file is not None:
        return Content(file, media_type, charset)
    try:
        data = base64.b64decode("".join((fields.content_base64 or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise refuse("bad_base64") from None
    return Content(data, media_type, charset)
