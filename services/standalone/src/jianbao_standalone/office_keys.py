"""Offices and their keys, written straight to the log of a data folder by whoever may write that folder."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from jianbao_contracts import Office, OfficeKey, topics
from jianbao_streaming import Log
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.events import office_record
from jianbao_streaming.followed import FollowedOffices

KEY_FOLDER = "keys"


def offices(log: Log) -> Mapping[str, Office]:
    """Return the latest word on every office."""
    followed = FollowedOffices(log.reader([topics.OFFICES]), SystemClock())
    try:
        followed.topic.catch_up()
    finally:
        followed.topic.close()
    return followed.known


def change(log: Log, office: str, act: Callable[[Office], Office]) -> Office:
    """Change an office, which is made if it is new, and append the result."""
    now = datetime.now(UTC)
    before = offices(log).get(office) or Office(office=office, name=office, changed_at=now)
    after = act(before).model_copy(update={"changed_at": now})
    log.append([office_record(after)])
    return after


def new_key(office: Office) -> tuple[Office, str]:
    """Return the office with one key more, and the key itself: 256 random bits, shown once and stored nowhere."""
    key = secrets.token_urlsafe(32)
    digest = hashlib.sha256(key.encode()).hexdigest()
    return office.model_copy(
        update={"keys": [*office.keys, OfficeKey(sha256=digest, created_at=datetime.now(UTC))]}
    ), key


def local_key(data: Path, log: Log, office: str, name: str | None = None) -> str:
    """Return the key that this data folder's owner pushes with for an office; made at first use.

    Kept in DATA/keys, readable by the owner only: who can read it can write the log itself.
    """
    path = data / KEY_FOLDER / f"{office}.key"
    known = offices(log).get(office)
    if path.exists():
        key = path.read_text(encoding="utf-8").strip()
        digest = hashlib.sha256(key.encode()).hexdigest()
        if known and any(held.sha256 == digest and held.revoked_at is None for held in known.keys):
            return key
    made: list[str] = []

    def add(before: Office) -> Office:
        after, key = new_key(before)
        made.append(key)
        return after.model_copy(update={"name": name}) if name else after

    change(log, office, add)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(made[0], encoding="utf-8")
    return made[0]
