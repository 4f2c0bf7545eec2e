"""Whether the clock of the machine jumped, told by comparing it with one that never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

LEAST_JUMP = timedelta(minutes=1)
"""Smaller steps are how a time service sets a clock right."""


class ClockWatch:
    """Compares two clocks round by round."""

    def __init__(self, now: Callable[[], datetime], since_boot: Callable[[], float]) -> None:
        """`since_boot` counts seconds while the machine sleeps, too."""
        self._now = now
        self._since_boot = since_boot
        self._wall, self._steady = now(), since_boot()

    def jump(self) -> timedelta | None:
        """Return by how much the clock jumped since the last call (negative: back), or None."""
        wall, steady = self._now(), self._since_boot()
        jump = wall - self._wall - timedelta(seconds=steady - self._steady)
        self._wall, self._steady = wall, steady
        return jump if abs(jump) >= LEAST_JUMP else None


def tell_jump(jump: timedelta) -> str:
    """Return what the operator is told of a jump."""
    way = "forward" if jump > timedelta(0) else "back"
    return (
        f"the clock of this machine jumped {way} by {_readable(abs(jump))}. Nothing is lost by it: order and revisions go "
        "by the log, and retention does not follow jumps; but receipts show what the clock showed. "
        "Set the clock right, best by a time service (timedatectl set-ntp true)"
    )


def tell_behind(newest: datetime, now: datetime) -> str | None:
    """Return what the operator is told where the clock stands before the newest record, or None."""
    if newest - now < LEAST_JUMP:
        return None
    return (
        f"the clock of this machine stands {_readable(newest - now)} before the newest record ({newest:%Y-%m-%d %H:%M} "
        "UTC): it was set back, or it was wrong then. Nothing is lost by it, but receipts show what the clock showed. "
        "Set the clock right, best by a time service (timedatectl set-ntp true)"
    )


def _readable(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    parts = [(days, "d"), (hours, "h"), (minutes % 60, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
