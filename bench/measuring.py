"""What processes and folders cost, read from outside (Linux)."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one process: CPU seconds since its start, and memory in MiB.

    `own_mib` is anonymous memory: the heap. Resident memory also counts pages of mapped files (the index, SQLite's WAL
    index), which are the kernel's cache: it drops them as it likes, and they grow with the data by design.
    """

    cpu_s: float
    rss_mib: float
    own_mib: float


def usage(pid: int) -> Usage:
    """Return the usage of a process that runs. Raises OSError where it is gone."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    rolled = _kib_by_name(f"/proc/{pid}/smaps_rollup")
    return Usage((int(fields[11]) + int(fields[12])) / TICKS, rolled["Rss"] / 1024, rolled["Anonymous"] / 1024)


def _kib_by_name(path: str) -> Mapping[str, int]:
    lines = (line.split() for line in Path(path).read_text("utf-8").splitlines()[1:])
    return {words[0].rstrip(":"): int(words[1]) for words in lines}


def disk_mib(folder: Path) -> dict[str, float]:
    """Return what a data folder takes, by its first level, in MiB."""
    sizes: dict[str, float] = {}
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                first = path.relative_to(folder).parts[0]
                sizes[first] = sizes.get(first, 0.0) + path.stat().st_blocks * 512 / 2**20
        except FileNotFoundError:
            continue  # the index merges its files meanwhile
    return sizes


def load_average() -> float:
    """Return the load of the machine over the last minute: figures taken on a busy one are to be read with care."""
    return os.getloadavg()[0]


class Yardstick:
    """CPU seconds of a piece of work that is always the same.

    On a shared machine the same instructions take more CPU time while others use the caches and the other half of a
    core. What a bulletin costs is therefore told in yardsticks too, taken beside it.
    """

    def __init__(self) -> None:
        self._taken: list[float] = []

    def take(self) -> None:
        """Do the work once, some 20 ms, and once before to warm the caches, as a busy process finds them."""
        _fixed_work()
        began = time.thread_time()
        _fixed_work()
        self._taken.append(time.thread_time() - began)

    def median(self) -> float:
        """Return the median since the last call."""
        taken, self._taken = self._taken, []
        return statistics.median(taken) if taken else 1.0


def _fixed_work() -> None:
    for step in range(4):
        words = [f"{number * 7919 % 104729}" for number in range(step, 8000)]
        counts: dict[str, int] = {}
        for word in words:
            counts[word[:3]] = counts.get(word[:3], 0) + len(word)
        sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def timed(act: Callable[[], object]) -> float:
    """Return the wall seconds that `act` takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
