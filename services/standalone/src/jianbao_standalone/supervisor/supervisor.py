"""The supervisor: starts all processes over one data folder, restarts what dies, and stops all in order."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from jianbao_standalone.addresses import Address
from jianbao_standalone.supervisor.child import Child
from jianbao_standalone.supervisor.processes import ProcessSpec
from jianbao_streaming import FatalError, TransientError
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import clean_embedded

log = logging.getLogger(__name__)

PERIOD_S = 0.1
STOP_GRACE_S = 15.0
RETENTION_PERIOD_S = 3600.0


class Supervisor:
    """Keeps the processes of one data folder running. One at a time: a second one on the same folder is refused."""

    def __init__(self, data: Path, specs: Sequence[ProcessSpec], tell: Callable[[str], None]) -> None:
        """`tell` is called with one line for the operator whenever something happens."""
        self._data = data
        self._lock = _lock(data)
        self._children = [Child(spec, data) for spec in specs]
        self._tell = tell
        self._stopping = threading.Event()

    def run(self, stopping: threading.Event, when_ready: Callable[[dict[str, Address]], None]) -> None:
        """Run until `stopping` is set. `when_ready` is called once, when every process has told its address."""
        told_ready = False
        next_clean = time.monotonic() + RETENTION_PERIOD_S
        try:
            while not stopping.is_set():
                for child in self._children:
                    self._care_for(child)
                if not told_ready and (addresses := self._addresses()) is not None:
                    told_ready = True
                    self._pin_ports(addresses)
                    when_ready(addresses)
                if time.monotonic() >= next_clean:
                    next_clean = time.monotonic() + RETENTION_PERIOD_S
                    threading.Thread(target=self._clean, name="retention", daemon=True).start()
                stopping.wait(PERIOD_S)
        finally:
            self._stop_all()
            os.close(self._lock)

    def _care_for(self, child: Child) -> None:
        if (why := child.reap()) is not None:
            loud = "keeps dying, so it is started again ever more slowly" if child.restarts.keeps_dying else "ended"
            self._tell(f"{child.spec.name} {loud}: {why}")
        if not child.running and time.monotonic() >= child.next_start:
            child.start()

    def _addresses(self) -> dict[str, Address] | None:
        found = {child.spec.name: child.address() for child in self._children}
        addresses = {name: address for name, address in found.items() if address is not None}
        return addresses if len(addresses) == len(found) else None

    def _pin_ports(self, addresses: dict[str, Address]) -> None:
        """A later life of an API keeps the port that people know by then."""
        for child in self._children:
            environment = {
                name: str(addresses[child.spec.name].port) if name.endswith("_PORT") else value
                for name, value in child.spec.environment.items()
            }
            child.spec = replace(child.spec, environment=environment)

    def _stop_all(self) -> None:
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_GRACE_S
        for child in self._children:
            child.wait_or_kill(deadline)

    def _clean(self) -> None:
        try:
            records, payloads = clean_embedded(self._data, SystemClock())
        except TransientError as error:
            self._tell(f"retention could not run: {error}")
            return
        if records or payloads:
            self._tell(f"retention: {records} old records and {payloads} payloads nobody refers to were deleted")


def _lock(data: Path) -> int:
    """Take the folder's lock, or raise FatalError where another supervisor has it."""
    (data / "run").mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / "run" / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(descriptor, 20, 0).decode() or "unknown"
        os.close(descriptor)
        raise FatalError(
            f"{data} is already served by process {owner}; stop that one, or give another folder with --data"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
