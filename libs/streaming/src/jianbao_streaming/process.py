"""What every process of Jianbao does at its edges: logging, signals, and telling where it can be reached."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from pathlib import Path

RUN_FOLDER = "run"


def log_to_stderr() -> None:
    """Write log lines to standard error: time, level, process, message."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s", level=logging.INFO)


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set. Call from the main thread."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def announce(data: Path, name: str, host: str, port: int) -> None:
    """Write where a process can be reached to DATA/run/<name>.json, in one step; call once it answers."""
    folder = data / RUN_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{name}.{os.getpid()}.new"
    new.write_text(json.dumps({"pid": os.getpid(), "host": host, "port": port}), encoding="utf-8")
    new.replace(folder / f"{name}.json")
