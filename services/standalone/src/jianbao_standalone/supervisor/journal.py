"""What the supervisor tells the operator: each line with its time, on the terminal and in DATA/logs/supervisor.log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jianbao_standalone.addresses import SUPERVISOR
from jianbao_standalone.supervisor.logs import make_room

NAME = SUPERVISOR


class Journal:
    """Lines for the operator; may be used from several threads. A full disk stops the file, not the terminal."""

    def __init__(self, logs: Path, show: Callable[[str], None]) -> None:
        self._file = logs / f"{NAME}.log"
        self._show = show
        self._in_use = threading.Lock()

    def tell(self, line: str) -> None:
        """Show a line, and keep it."""
        stamped = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z} {line}"
        with self._in_use:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                make_room(self._file)
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(f"{stamped}\n")
            except OSError:
                stamped += "  (this line could not be written to the log file)"
            self._show(stamped)
