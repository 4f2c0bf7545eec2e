"""The engines that the log's contract suite runs over. An engine joins by one more entry in `ENGINES`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jianbao_streaming import Log, Member, Record
from jianbao_streaming.engine import Engine, open_embedded

WORKER = Path(__file__).parent / "log_worker.py"


@dataclass
class LogEngine:
    """One engine under test: how to open it here and in another process, and how to force a take-over."""

    name: str
    address: str
    open: Callable[[], Engine]
    usurp: Callable[[str], None]
    opened: list[Engine] = field(default_factory=list)

    def log(self) -> Log:
        engine = self.engine()
        return engine.log

    def engine(self) -> Engine:
        engine = self.open()
        self.opened.append(engine)
        return engine

    def topic(self) -> str:
        """A name never used before: topics are not deleted between tests."""
        return f"test.{uuid.uuid4().hex[:12]}"

    @contextmanager
    def worker(self, task: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A real process that does `task` (see log_worker.py) over the same log; killed at the end if still alive."""
        command = [sys.executable, str(WORKER), self.name, self.address, task, *arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
            process.communicate()


def sqlite_engine(folder: Path) -> LogEngine:
    """The embedded engine. A take-over beside a living owner needs its lock file gone: the kernel grants no second."""

    def usurp(group: str) -> None:
        (folder / "run" / f"{group}.lock").unlink()

    return LogEngine("sqlite", str(folder), lambda: open_embedded(folder), usurp)


ENGINES: dict[str, Callable[[Path], LogEngine]] = {"sqlite": sqlite_engine}


def open_engine(name: str, address: str) -> Engine:
    """Open an engine by name and address, as a worker process does."""
    return ENGINES[name](Path(address)).open()


def record(topic: str, key: str, value: bytes | None = b"x", **headers: str) -> Record:
    """A record as tests need it."""
    return Record(topic, key.encode(), value, tuple((k, v.encode()) for k, v in headers.items()), key.encode())


def poll_until(member: Member, wanted: int, tries: int = 100) -> list[object]:
    """Poll until `wanted` records came, or fail with what came."""
    found: list[object] = []
    for _ in range(tries):
        found += member.poll(wanted - len(found), 0.2)
        if len(found) >= wanted:
            return found
    raise AssertionError(f"{len(found)} of {wanted} records came")
