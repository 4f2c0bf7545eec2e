"""What every process of Jianbao does at its edges: signals, and telling where it can be reached."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
from pathlib import Path

RUN_FOLDER = "run"


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set. Call from the main thread.

    A handler runs between any two instructions of the main thread, also while that thread holds the event's own lock:
    setting the event there would wait for itself for ever. So the handler only writes a byte, and a thread sets it.
    """
    stopping = threading.Event()
    told, tell = os.pipe()
    os.set_blocking(tell, False)

    def wait() -> None:
        os.read(told, 1)
        stopping.set()

    def handle(_number: int, _frame: object) -> None:
        with contextlib.suppress(BlockingIOError):  # the pipe is full of signals: one of them is enough
            os.write(tell, b"!")

    threading.Thread(target=wait, name="signals", daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    return stopping


def announce(data: Path, name: str, host: str, port: int) -> None:
    """Write where a process can be reached to DATA/run/<name>.json, in one step; call once it answers."""
    folder = data / RUN_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{name}.{os.getpid()}.new"
    new.write_text(json.dumps({"pid": os.getpid(), "host": host, "port": port}), encoding="utf-8")
    new.replace(folder / f"{name}.json")
