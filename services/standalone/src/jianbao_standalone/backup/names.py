"""What a backup's folder is called, and which backups are too many. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

UNFINISHED = ".unfinished"
"""End of the name of a folder that is being written or removed: never a backup."""

COMPLETE = re.compile(r"jianbao-\d{8}T\d{6}Z(-\d+)?")
"""Name of a complete backup. No colons: FAT, which most USB sticks carry, allows none."""


def stamp(at: datetime) -> str:
    """Return a moment as it stands in names: UTC, sorted by time."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return the name, or with a number behind it where it is taken."""
    there = set(taken)
    number = 1
    name = wanted
    while name in there:
        number += 1
        name = f"{wanted}-{number}"
    return name


def is_complete(name: str) -> bool:
    """Return whether a folder of this name claims to be a complete backup."""
    return COMPLETE.fullmatch(name) is not None


def too_many(backups: Iterable[tuple[datetime, str]], keep: int) -> list[str]:
    """Return the names of all but the `keep` newest backups, oldest first. At least one is always kept."""
    in_order = sorted(backups)
    return [name for _, name in in_order[: max(0, len(in_order) - max(keep, 1))]]
