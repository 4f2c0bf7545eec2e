"""The supervisor: starts all processes over one data folder, restarts what dies, and stops all in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jianbao_standalone.addresses import Address, is_free
from jianbao_standalone.supervisor.child import Child, End
from jianbao_standalone.supervisor.jobs import Jobs
from jianbao_standalone.supervisor.memory import DEFAULT_LIMIT_MIB, MIB, held_bytes
from jianbao_standalone.supervisor.policy import LONGEST_PAUSE_S
from jianbao_standalone.supervisor.port_owner import owner_of
from jianbao_standalone.supervisor.processes import ProcessSpec
from jianbao_standalone.supervisor.report import Report
from jianbao_streaming.outcomes import DamagedError, FatalError
from jianbao_streaming.settings import WrongSettingError

PERIOD_S = 0.1
STOP_GRACE_S = 15.0
TAKEN_PORT_PERIOD_S = 1.0
"""How often it is looked whether another program has left a port of ours."""


@dataclass(frozen=True, slots=True)
class Interlude:
    """What needs the data folder for itself now and then: asked for each round, done while no service runs.

    `act` returns a line for the operator; it may raise FatalError, which stops everything.
    """

    name: str
    wanted: Callable[[], bool]
    act: Callable[[], str]


class Supervisor:
    """Keeps the processes of one data folder running. The caller holds the folder's lock."""

    def __init__(
        self,
        data: Path,
        specs: Sequence[ProcessSpec],
        tell: Callable[[str], None],
        *,
        jobs: Jobs | None = None,
        report: Report | None = None,
        interlude: Interlude | None = None,
        memory_limit_mib: int = DEFAULT_LIMIT_MIB,
    ) -> None:
        """`tell` is called with one line for the operator whenever something happens."""
        self._children = [Child(spec, data) for spec in specs]
        self._tell = tell
        self._jobs = jobs or Jobs([], tell)
        self._report = report or Report()
        self._interlude = interlude
        self._most_bytes = memory_limit_mib * MIB
        self._without_port: set[str] = set()
        self._ready = False
        self._misconfigured: set[str] = set()

    def run(self, stopping: threading.Event, when_ready: Callable[[dict[str, Address]], None]) -> None:
        """Run until `stopping` is set. `when_ready` is called once, when every process has told its address.

        Raises FatalError where nothing can start or go on (wrong settings, damaged data); everything is stopped by then.
        """
        try:
            while not stopping.is_set():
                self._report.beat()
                if self._interlude is not None and self._interlude.wanted():
                    self._stand_aside(self._interlude)
                for child in self._children:
                    self._care_for(child)
                if not self._ready and (addresses := self._addresses()) is not None:
                    self._ready = True
                    for child in self._children:
                        child.keep_port(addresses[child.spec.name].port)
                    when_ready(addresses)
                self._jobs.round()
                stopping.wait(PERIOD_S)
        finally:
            self._stop_all()

    def _stand_aside(self, interlude: Interlude) -> None:
        self._tell(f"{interlude.name}: all services stop for it, and start again behind it")
        self._stop_all()
        self._tell(interlude.act())
        for child in self._children:
            child.next_start = 0.0

    def _care_for(self, child: Child) -> None:
        name = child.spec.name
        if (end := child.reap()) is not None:
            self._tell_end(child, end)
        if (away_s := child.back_after()) is not None:
            self._misconfigured.discard(name)
            self._tell(f"{name} is back after {away_s:.1f} s")
        if child.pid is not None and (held := held_bytes(child.pid)) is not None:
            self._report.memory(name, held)
            if held > self._most_bytes:
                child.kill("memory", self._why_too_large(held))
        if not child.running and time.monotonic() >= child.next_start and self._port_is_free(child):
            self._start(child)

    def _tell_end(self, child: Child, end: End) -> None:
        name = child.spec.name
        self._report.ended(name, end)
        if end.code == DamagedError.exit_code:
            raise DamagedError(f"{name} stopped everything: {end.words}")
        if end.code == WrongSettingError.exit_code and end.kill is None:
            self._tell_wrong_setting(child, end)
        elif child.restarts.keeps_dying:
            self._tell(f"{name} keeps dying, so it is started again ever more slowly: it {end}")
        else:
            self._tell(f"{name} {str(end).rstrip('.')}; it is started again")

    def _tell_wrong_setting(self, child: Child, end: End) -> None:
        """Say once what a process says of its settings, which no new life of it will find mended."""
        name = child.spec.name
        why = end.words.removeprefix(f"{name} cannot start: ").rstrip(".")
        if not self._ready:
            raise FatalError(f"{name} cannot start: {why}. Nothing runs now; mend that, then start Jianbao again")
        child.next_start = time.monotonic() + LONGEST_PAUSE_S
        if name not in self._misconfigured:
            self._misconfigured.add(name)
            self._tell(
                f"{name} cannot start again: {why}. All other services go on, and it is tried every "
                f"{LONGEST_PAUSE_S:.0f} s; mend that, then stop Jianbao and start it again"
            )

    def _start(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:
            child.next_start = time.monotonic() + child.restarts.pause_after(0.0)
            self._tell(f"{child.spec.name} cannot be started, and is tried again: {error}")

    def _port_is_free(self, child: Child) -> bool:
        """Return whether the port that people know is free for the next life; say once if it was taken meanwhile."""
        name, port = child.spec.name, child.port
        if port is None or is_free(port):
            if name in self._without_port:
                self._without_port.discard(name)
                self._tell(f"port {port} is free again: {name} is started on it")
            return True
        child.next_start = time.monotonic() + TAKEN_PORT_PERIOD_S
        if name not in self._without_port:
            self._without_port.add(name)
            self._tell(
                f"{name} cannot come back: its port {port} was taken meanwhile by {owner_of(port)}. End that program and "
                f"{name} starts by itself, or start Jianbao again with another port; all other services go on"
            )
        return False

    def _why_too_large(self, held: int) -> str:
        return (
            f"it held {held // MIB} MiB of memory, more than the {self._most_bytes // MIB} MiB that a process may hold "
            "(--memory-limit). What it had in hand is done again, and a record that is the reason is set aside after "
            "some tries: jianbao dlq list. If there is none, give it more memory"
        )

    def _addresses(self) -> dict[str, Address] | None:
        found = {child.spec.name: child.address() for child in self._children}
        addresses = {name: address for name, address in found.items() if address is not None}
        return addresses if len(addresses) == len(found) else None

    def _stop_all(self) -> None:
        self._jobs.stop()
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_GRACE_S
        for child in self._children:
            if child.wait_or_kill(deadline):
                self._tell(
                    f"{child.spec.name} was killed by this supervisor: it had not stopped {STOP_GRACE_S:.0f} s after it "
                    "was asked to; what it had in hand is done again at the next start"
                )
