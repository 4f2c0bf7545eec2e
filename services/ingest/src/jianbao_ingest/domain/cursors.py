"""Paging through receipts, latest push first."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

from jianbao_contracts import Receipt, State
from jianbao_ingest.domain.problems import refuse

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Days and times without a zone are Beijing's (docs/contracts.md); China has had no daylight saving time since 1991."""

STATES: tuple[State, ...] = get_args(State)
DEFAULT_SIZE = 50
LARGEST_SIZE = 200
MOST_CHOSEN = 100
"""Push ids in one address: 3.3 KB, below what proxies allow (8 KB)."""


_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](?P<time>\d{2}:\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?(?P<zone>[Zz]|[+\- ]\d{2}:\d{2})?)?",
    re.ASCII,
)
"""A day, or a time as RFC 3339 writes it: T and Z in either case, or a space for the T (section 5.6). Seconds and zone
may be left out. A + that was not escaped in a URL arrives as a space."""


def read_since(text: str) -> datetime:
    """Return the moment from which on receipts are wanted, to the microsecond. Raises ProblemError."""
    found = _MOMENT.fullmatch(text.strip())
    if not found or int(found["second"] or 0) > 60:
        raise _not_a_moment()
    try:
        second = int(found["second"] or 0)
        fraction = (found["fraction"] or "")[:6].ljust(6, "0")
        clock = f"{found['time'] or '00:00'}:{min(second, 59):02}.{fraction}"
        zone = (found["zone"] or "").upper().replace("Z", "+00:00").replace(" ", "+")
        moment = datetime.fromisoformat(f"{found['day']}T{clock}{zone}")
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).astimezone(UTC)
        return moment + timedelta(seconds=1) if second == 60 else moment  # a leap second, which no clock here knows
    except (ValueError, OverflowError):
        raise _not_a_moment() from None


def read_states(text: str) -> tuple[State, ...]:
    """Return the states asked for, given as a list with commas. Raises ProblemError."""
    asked = [state for state in text.split(",") if state]
    if unknown := [state for state in asked if state not in STATES]:
        raise _wrong("state", f"没有“{unknown[0][:30]}”这个状态，可用：{'、'.join(STATES)}")
    return tuple(state for state in STATES if state in asked)


def read_chosen(query: Mapping[str, str]) -> tuple[str, ...]:
    """Return the push ids that receipts are wanted of, given as a list with commas. Raises ProblemError."""
    chosen = tuple(dict.fromkeys(one.strip() for one in query.get("push_id", "").split(",") if one.strip()))
    if len(chosen) > MOST_CHOSEN:
        raise _wrong("push_id", f"一次最多查 {MOST_CHOSEN} 个")
    if chosen and (others := [name for name in ("since", "state", "cursor", "size") if query.get(name)]):
        raise _wrong("push_id", f"已指明回执，不能再同时用 {'、'.join(others)} 筛选")
    return chosen


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


def _not_a_moment() -> Exception:
    return _wrong("since", "应为日期或时间，如 2022-05-07 或 2022-05-07T08:00:00+08:00")


def _wrong(field: str, message: str) -> Exception:
    return refuse("bad_field", errors=({"field": field, "message": message},), reasons=f"{field} {message}。")
