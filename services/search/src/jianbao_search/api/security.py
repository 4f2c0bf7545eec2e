"""Who may read: everybody on this machine, elsewhere whoever has the reader key."""

from __future__ import annotations

import base64
import binascii
import hmac

from jianbao_search.api.problems import refuse

OPEN_PATHS = ("/health/", "/static/")
"""Answered without a key: they tell nothing of any bulletin."""


def demand_key(path: str, authorization: str, key: str | None) -> None:
    """Let a request pass or raise ProblemError 401. The key comes as a Bearer token, or as the password of a browser's form."""
    if key is None or path.startswith(OPEN_PATHS):
        return
    if not hmac.compare_digest(_given(authorization), key.encode()):
        raise refuse("reader_key_required")


def _given(authorization: str) -> bytes:
    """Return the key as it was sent; header values come as one character a byte."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip().encode("latin-1", "replace")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return b""
    return b""
