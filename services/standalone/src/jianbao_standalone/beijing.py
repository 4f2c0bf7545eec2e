"""Days and moments as operators mean them: a day is a Beijing day, and a time without a zone is Beijing time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
"""China has one time zone, and no summer time since 1991."""

_AGO = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def day_of(moment: datetime) -> date:
    """Return the Beijing day of a moment."""
    return moment.astimezone(BEIJING).date()


def clock(moment: datetime) -> str:
    """Return a moment as the clocks of China show it; what is printed says once that these are Beijing's."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def told(moment: datetime) -> str:
    """Return a moment for a sentence: Beijing time, and marked so."""
    return f"{clock(moment)} (Beijing)"


def utc(moment: datetime) -> str:
    """Return a moment for programs: ISO 8601 in UTC with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: str, now: datetime) -> datetime:
    """Return the moment that `text` names: 90m, 2h or 7d ago, an ISO date (its first moment), or an ISO date and time.

    Raises ValueError.
    """
    if ago := _AGO.fullmatch(text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no moment: give 90m, 2h, 7d, 2026-11-22 or 2026-11-22T08:30") from None
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)
