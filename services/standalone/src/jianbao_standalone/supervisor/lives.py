"""How the last life of a data folder's services ended: what has to be checked before the next one depends on it."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path

from jianbao_streaming.process import RUN_FOLDER

BOOT = Path("/proc/sys/kernel/random/boot_id")


class LastEnd(Enum):
    """What became of the last life."""

    NONE = "never served before"
    STOPPED = "stopped in order"
    KILLED = "ended without a word, while the machine went on"
    CRASHED = "ended with the machine, or it is not known how"


class Lives:
    """One small file in DATA/run: the machine's boot in which the services were started, and whether they stopped."""

    def __init__(self, data: Path, boot: Path = BOOT) -> None:
        self._file = data / RUN_FOLDER / "life.json"
        self._boot = boot

    def last_end(self) -> LastEnd:
        """Return how the last life ended."""
        try:
            told = json.loads(self._file.read_text("utf-8"))
            boot, stopped = str(told["boot"]), bool(told["stopped"])
        except FileNotFoundError:
            return LastEnd.NONE
        except (OSError, ValueError, KeyError, TypeError):
            return LastEnd.CRASHED
        if stopped:
            return LastEnd.STOPPED
        return LastEnd.KILLED if boot and boot == self._boot_id() else LastEnd.CRASHED

    def note(self, *, stopped: bool) -> None:
        """Note that a life begins, or that it stopped in order. Raises OSError."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps({"boot": self._boot_id(), "stopped": stopped}), encoding="utf-8")
        new.replace(self._file)

    def _boot_id(self) -> str:
        try:
            return self._boot.read_text("ascii").strip()
        except OSError:
            return ""
