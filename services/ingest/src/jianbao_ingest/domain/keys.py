"""Whose key it is."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jianbao_contracts import Office


@dataclass(frozen=True, slots=True)
class Holder:
    """The office that a key was given to, and whether the key is revoked."""

    office: Office
    revoked: bool


def holder_of(key: bytes, offices: Iterable[Office], now: datetime) -> Holder | None:
    """Return who holds a key, or None if nobody does.

    A clock that went back makes no revoked key valid again: what stands in the office's own event has happened. Every
    known hash is compared in constant time and none is left out, so that timing tells nothing of the others.
    """
    digest = hashlib.sha256(key).hexdigest()
    revoked: Holder | None = None
    living: Holder | None = None
    for office in offices:
        for known in office.keys:
            if hmac.compare_digest(known.sha256, digest):
                if known.revoked_at is not None and known.revoked_at <= max(now, office.changed_at):
                    revoked = Holder(office, revoked=True)
                else:
                    living = Holder(office, revoked=False)
    return living or revoked
