"""How much room the disk of the data folder has: said once when it becomes little, when it is gone, and when it is back."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path

MIB = 1024 * 1024

LOW_BYTES = 1024 * MIB
"""Below it the operator is warned: chosen, not measured. A rebuild of the index stands beside the old one for a while."""

FULL_BYTES = 16 * MIB
"""Below it writes fail or are about to: the write-ahead log, a large bulletin or a segment of the index need so much."""

EASED = 1.25
"""A state ends only when there is so much more room than its bound: files that come and go must not make it flutter."""


class Room(Enum):
    """What the room on a disk means."""

    ENOUGH = "enough"
    LOW = "low"
    FULL = "full"


def free_bytes(folder: Path) -> int:
    """Return how many bytes may still be written to the disk of a folder; 0 also where it has no more file names to give."""
    told = os.statvfs(folder)
    return 0 if told.f_files and not told.f_favail else told.f_bavail * told.f_frsize


class SpaceWatch:
    """Remembers what was said of a disk, so that it is said once."""

    def __init__(self, folder: Path, free: Callable[[Path], int] = free_bytes) -> None:
        self._folder = folder
        self._free = free
        self.room = Room.ENOUGH

    def look(self) -> tuple[int, str | None]:
        """Return how many bytes are free, and what the operator is to be told, if anything. Raises OSError."""
        free = self._free(self._folder)
        before, self.room = self.room, self._room(free)
        return free, None if self.room is before else self._line(free, before)

    def _room(self, free: int) -> Room:
        if free < FULL_BYTES * (EASED if self.room is Room.FULL else 1):
            return Room.FULL
        return Room.LOW if free < LOW_BYTES * (1 if self.room is Room.ENOUGH else EASED) else Room.ENOUGH

    def _line(self, free: int, before: Room) -> str:
        there = f"{free // MIB} MiB free on the disk of {self._folder}"
        if self.room is Room.FULL:
            return (
                f"the disk is full: {there}. Pushes are answered 503 with Retry-After and every service waits; nothing "
                f"is lost, and all goes on by itself once there is room. Free at least {(LOW_BYTES - free) // MIB} MiB"
            )
        if before is Room.FULL:
            return f"there is room again: {there}; the services go on by themselves"
        if self.room is Room.LOW:
            return (
                f"the disk will be full soon: {there}. Free at least {(LOW_BYTES - free) // MIB} MiB, or move the data "
                "folder to a larger disk (stop, copy the folder, start with --data)"
            )
        return f"the disk has room enough again: {there}"
