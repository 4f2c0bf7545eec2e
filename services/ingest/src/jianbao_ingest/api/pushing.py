"""Pushing one bulletin, and retracting one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from jianbao_contracts import RawPush
from jianbao_ingest.api.access import KEY_NEEDED, Pushing
from jianbao_ingest.api.answers import accepted_response
from jianbao_ingest.api.bodies import read_body
from jianbao_ingest.api.descriptions import PUSH, RETRACT
from jianbao_ingest.api.heavy import away_if_large
from jianbao_ingest.api.multipart import Part, is_multipart, read_form
from jianbao_ingest.api.resources import Given, Resources
from jianbao_ingest.domain.fields import Act, PushFields, Retraction, checked
from jianbao_ingest.domain.media_types import declared_type
from jianbao_ingest.domain.problems import refuse
from jianbao_ingest.domain.pushes import LARGEST_CONTENT, Content, own_bulletin, published, retracted
from jianbao_ingest.domain.query import read_query
from jianbao_ingest.domain.strict_json import read_object

LARGEST_METADATA = 64 * 1024
"""Bytes of what is said beside the content, far above the sum of its fields' limits in any sane use."""

LARGEST_FORM = LARGEST_CONTENT + LARGEST_METADATA + 64 * 1024
"""The rest is for the form's own headers and boundaries."""

router = APIRouter(prefix="/v1/bulletins", dependencies=KEY_NEEDED, tags=["推送"])


@router.post("", status_code=202, openapi_extra=PUSH, summary="推送一份简报")
async def push(request: Request, office: Pushing, resources: Given) -> JSONResponse:
    """请求体为文件原样内容，说明写在网址参数中；或用表单上传 file 与 metadata。返回 202 即已妥善保存。"""
    query = read_query(request.scope["query_string"])
    content_type = request.headers.get("content-type")
    with resources.memory.lease() as lease:
        too_large = refuse("too_large", limit=LARGEST_CONTENT // 1024**2)
        if is_multipart(content_type):
            body = await read_body(request, most=LARGEST_FORM, too_large=too_large, lease=lease)
            file, metadata = _file_and_metadata(await away_if_large(len(body), read_form, body, content_type or ""))
            fields = checked(PushFields, {"source": file.filename or "", **query, **metadata})
            content = Content(file.data, *declared_type(file.content_type, fields.source))
        else:
            fields = checked(PushFields, query)
            body = await read_body(request, most=LARGEST_CONTENT, too_large=too_large, lease=lease)
            content = Content(body, *declared_type(content_type, fields.source))
        taken = await as_push(resources, office.office, content, fields, idempotency_key(request))
        await resources.quotas.let_in(office, taken)
        await resources.intake.take([taken], request.headers.get("traceparent"))
    return accepted_response(taken)


@router.delete("/{bulletin_id}", status_code=202, openapi_extra=RETRACT, summary="撤回一份简报")
async def retract(bulletin_id: str, request: Request, office: Pushing, resources: Given) -> JSONResponse:
    """请求体可为 {"reason": "撤回理由"}，也可为空。"""
    bulletin = own_bulletin(office.office, bulletin_id)
    lane = checked(PushFields, read_query(request.scope["query_string"])).lane
    too_large = refuse("metadata_too_large", limit=LARGEST_METADATA // 1024)
    with resources.memory.lease() as lease:
        body = await read_body(request, most=LARGEST_METADATA, too_large=too_large, lease=lease)
    said = checked(Retraction, read_object(body, "请求体") if body.strip() else {})
    taken = retracted(
        office.office,
        bulletin,
        reason=said.reason,
        lane=lane,
        idempotency_key=idempotency_key(request),
        new_act=uuid.uuid4().hex,
        received_at=resources.clock.now(),
    )
    await resources.intake.take([taken], request.headers.get("traceparent"))
    return accepted_response(taken)


async def as_push(resources: Resources, office: str, content: Content, fields: PushFields, key: str | None) -> RawPush:
    """Return the push of some content, received now; large content is hashed away from the event loop."""

    return await away_if_large(
        len(content.data),
        published,
        office,
        content,
        fields,
        idempotency_key=key,
        new_act=uuid.uuid4().hex,
        received_at=resources.clock.now(),
    )


def idempotency_key(request: Request) -> str | None:
    """Return the Idempotency-Key header, read as UTF-8 where it is that. Raises ProblemError for one too long."""
    for name, value in request.scope["headers"]:
        if name == b"idempotency-key":
            try:
                key = value.decode()
            except UnicodeDecodeError:
                key = value.decode("latin-1")
            return checked(Act, {"idempotency_key": key}).idempotency_key
    return None


def read_metadata(data: bytes) -> bytes:
    """Return the bytes of a metadata part. Raises ProblemError if there are too many."""
    if len(data) > LARGEST_METADATA:
        raise refuse("metadata_too_large", limit=LARGEST_METADATA // 1024)
    return data


def _file_and_metadata(parts: list[Part]) -> tuple[Part, Mapping[str, Any]]:
    files = [part for part in parts if part.name == "file"]
    said = [part.data for part in parts if part.name == "metadata" and part.data.strip()]
    if not files:
        raise refuse("missing_file")
    if len(files) > 1 or len(said) > 1:
        raise refuse("metadata_mismatch", files=len(files), entries=len(said))
    return files[0], read_object(read_metadata(said[0]), "metadata ") if said else {}
