"""Paging through receipts, latest push first."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

from jianbao_contracts import Receipt, State
from jianbao_ingest.domain.problems import refuse

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Days and times without a zone are Beijing's (contracts.md); China has had no daylight saving time since 1991."""

STATES: tuple[State, ...] = get_args(State)
DEFAULT_SIZE = 50
LARGEST_SIZE = 200


def read_since(text: str) -> datetime:
    """Return the moment from which on receipts are wanted: a day or a time, RFC 3339. Raises ProblemError."""
    zone_restored = re.sub(r" (\d\d:\d\d)$", r"+\1", text) if "T" in text else text  # a + in a URL means a space
    try:
        moment = datetime.fromisoformat(zone_restored)
        return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong("since", "应为日期或时间，如 2022-05-07 或 2022-05-07T08:00:00+08:00") from None


def read_states(text: str) -> tuple[State, ...]:
    """Return the states asked for, given as a list with commas. Raises ProblemError."""
    asked = [state for state in text.split(",") if state]
    if unknown := [state for state in asked if state not in STATES]:
        raise _wrong("state", f"没有“{unknown[0][:30]}”这个状态，可用：{'、'.join(STATES)}")
    return tuple(state for state in STATES if state in asked)


def read_size(text: str) -> int:
    """Return how many receipts a page shall hold. Raises ProblemError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= LARGEST_SIZE):
        raise _wrong("size", f"应为 1 到 {LARGEST_SIZE} 的整数")
    return int(text)


def cursor_behind(last: Receipt) -> str:
    """Return the cursor of the page that begins behind a receipt."""
    return base64.urlsafe_b64encode(f"{last.received_at.isoformat()} {last.push_id}".encode()).decode()


def read_cursor(text: str) -> tuple[datetime, str]:
    """Return the place (received_at, push_id) that a cursor stands for. Raises ProblemError."""
    try:
        moment, _, push = base64.urlsafe_b64decode(text.encode()).decode().partition(" ")
        received_at = datetime.fromisoformat(moment)
        return received_at.astimezone(UTC), push
    except (ValueError, OverflowError, binascii.Error):
        raise _wrong("cursor", "应为上一页答复中的 cursor，原样填写") from None


def _wrong(field: str, message: str) -> Exception:
    return refuse("bad_field", errors=({"field": field, "message": message},), reasons=f"{field} {message}。")
