"""Who asks: the office whose key came with the request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from jianbao_contracts import Office
from jianbao_ingest.api.resources import Given
from jianbao_ingest.domain.problems import refuse

bearer = HTTPBearer(auto_error=False, description="单位密钥：Authorization: Bearer 密钥")
"""Only for the interface description; the header is read as bytes below, since a key is compared as bytes."""


async def asking_office(request: Request, resources: Given) -> Office:
    """Return the office whose key this is. An unknown key is looked up again once all known offices were read."""
    key = _key(request)
    now = resources.clock.now()
    holder = resources.offices.holder_of(key, now)
    if holder is None:
        if not await resources.offices.caught_up():
            raise refuse("not_ready")
        holder = resources.offices.holder_of(key, now)
    if holder is None:
        raise refuse("unknown_key")
    if holder.revoked:
        raise refuse("revoked_key")
    return holder.office


Asking = Annotated[Office, Depends(asking_office)]


async def pushing_office(office: Asking) -> Office:
    """Return the asking office if it may push."""
    if office.role == "reader":
        raise refuse("reader_may_not_push")
    return office


Pushing = Annotated[Office, Depends(pushing_office)]
KEY_NEEDED = [Security(bearer)]


def _key(request: Request) -> bytes:
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            scheme, _, key = value.strip().partition(b" ")
            if scheme.lower() == b"bearer" and key.strip():
                return bytes(key.strip())
            if scheme and scheme.lower() != b"bearer":
                raise refuse("missing_bearer")
    raise refuse("missing_key")
