"""One supervised process: starting it, probing it, killing it for a reason, and telling why it ended."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from jianbao_standalone.addresses import Address, read_address
from jianbao_standalone.supervisor import logs, memory
from jianbao_standalone.supervisor.policy import (
    LONG_LIFE_S,
    LONGEST_START_S,
    MOST_SILENT_PROBES,
    PROBE_PERIOD_S,
    PROBE_TIMEOUT_S,
    RestartPolicy,
    SilenceWatch,
)
from jianbao_standalone.supervisor.processes import ProcessSpec

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)  # loaded here: between fork and exec nothing may be loaded


@dataclass(frozen=True, slots=True)
class Kill:
    """Why the supervisor itself killed a process; `cause` is a word for metrics, `why` a clause for the operator."""

    cause: str
    why: str


@dataclass(frozen=True, slots=True)
class End:
    """How a life of a process ended. `code` as of `subprocess`: negative for a signal."""

    code: int
    kill: Kill | None
    system_ran_out: bool
    last_word: str

    def __str__(self) -> str:
        """Say it so that the operator knows who did it."""
        if self.kill is not None:
            return f"was killed by this supervisor: {self.kill.why}"
        if self.code >= 0:
            return f"ended: exit code {self.code}; {self._word}"
        if self.system_ran_out:
            return (
                "was killed by the system, which ran out of memory: end other programs or give the machine more; "
                "if one record is the reason, it is set aside after some tries: jianbao dlq list"
            )
        by = signal.Signals(-self.code).name if -self.code in set(signal.Signals) else f"signal {-self.code}"
        return f"ended: killed by {by}, and not by this supervisor; {self._word}"

    @property
    def words(self) -> str:
        """What the process said last, or that it said nothing."""
        return "it said nothing about it" if self.last_word == logs.NOTHING else self.last_word

    @property
    def _word(self) -> str:
        return self.words if self.last_word == logs.NOTHING else f"its last word: {self.last_word}"


class Child:
    """A process and its lives. All methods but the probing thread's belong to the main thread."""

    def __init__(self, spec: ProcessSpec, data: Path) -> None:
        self.spec = spec
        self.restarts = RestartPolicy()
        self.next_start = 0.0
        self._data = data
        self._log = data / "logs" / f"{spec.name}.log"
        self._log_start = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._kill: Kill | None = None
        self._killed_by_system = 0
        self._away_since: float | None = None

    @property
    def running(self) -> bool:
        """Whether a process is there."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """The process's id, while it runs."""
        return self._process.pid if self._process else None

    @property
    def port(self) -> int | None:
        """The port that this process must have, or None where any free one will do."""
        ports = [int(value) for name, value in self.spec.environment.items() if name.endswith("_PORT")]
        return next((port for port in ports if port), None)

    def keep_port(self, port: int) -> None:
        """Give every later life the port that people know by now."""
        environment = {
            name: str(port) if name.endswith("_PORT") else value for name, value in self.spec.environment.items()
        }
        self.spec = replace(self.spec, environment=environment)

    def start(self) -> None:
        """Start the process; it is stopped by the kernel if the supervisor dies (Linux). Raises OSError."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        logs.make_room(self._log)
        with self._log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(  # noqa: S603 - our own modules on our own interpreter
                self.spec.command(),
                env=self.spec.full_environment(self._data),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops all in order
                preexec_fn=dying_with_parent(),
            )
        self._started = time.monotonic()
        self._kill = None
        self._killed_by_system = memory.killed_by_system()
        threading.Thread(target=self._watch, args=(self._process,), name=f"probe-{self.spec.name}", daemon=True).start()

    def reap(self) -> End | None:
        """Return how the process ended and plan its next start, or None while it runs."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        now = time.monotonic()
        self.next_start = now + self.restarts.pause_after(now - self._started)
        self._away_since = now if self._away_since is None else self._away_since
        self._process = None
        ran_out = code == -signal.SIGKILL and memory.killed_by_system() > self._killed_by_system
        return End(code, self._kill, ran_out, logs.last_word(self._log, self._log_start))

    def kill(self, cause: str, why: str) -> None:
        """Kill the process for a reason of ours; `reap` tells it."""
        if self._process is not None:
            self._kill_for(self._process, Kill(cause, why))

    def address(self) -> Address | None:
        """Return where this life of the process can be reached, or None while it has not said so."""
        address = read_address(self._data, self.spec.name)
        return address if address and self._process and address.pid == self._process.pid else None

    def back_after(self) -> float | None:
        """Return, once, how many seconds the process was away, as soon as it is back; one that keeps dying must last."""
        if self._away_since is None or self._process is None or self.address() is None:
            return None
        now = time.monotonic()
        if self.restarts.keeps_dying and now - self._started < LONG_LIFE_S:
            return None
        away, self._away_since = now - self._away_since, None
        return away

    def ask_to_stop(self) -> None:
        """Send SIGTERM; a stopped process is woken, so that it can hear it."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.send_signal(signal.SIGCONT)

    def wait_or_kill(self, deadline: float) -> bool:
        """Wait until the process has ended, and kill it when the deadline (monotonic) has passed; return whether it was."""
        process, self._process = self._process, None
        if process is None:
            return False
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
        return False

    def _kill_for(self, process: subprocess.Popen[bytes], kill: Kill) -> None:
        if self._kill is None and process.poll() is None:
            self._kill = kill
            process.kill()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Probe one life of the process until it ends; kill it when it has gone silent."""
        watch, begun = SilenceWatch(), time.monotonic()
        with httpx.Client(timeout=PROBE_TIMEOUT_S, trust_env=False) as client:
            while process.poll() is None:
                address = read_address(self._data, self.spec.name)
                told = address is not None and address.pid == process.pid
                if told and address and watch.note(not memory.is_stopped(process.pid) and _answers(client, address)):
                    self._kill_for(process, _silent(process.pid, f"{MOST_SILENT_PROBES} health probes in a row"))
                    return
                if not told and time.monotonic() - begun > LONGEST_START_S:
                    self._kill_for(process, _silent(process.pid, f"its start for {LONGEST_START_S:.0f} s"))
                    return
                time.sleep(PROBE_PERIOD_S)


def _silent(pid: int, what: str) -> Kill:
    """Return why a process is killed that did not answer."""
    if memory.is_stopped(pid):
        return Kill("stopped", f"somebody stopped it (SIGSTOP or a debugger), so that it did not answer {what}")
    return Kill("silent", f"it hung, and did not answer {what}")


def _answers(client: httpx.Client, address: Address) -> bool:
    try:
        return client.get(f"{address.url}/health/live").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def dying_with_parent() -> Callable[[], None] | None:
    """Return what a child must call before exec so that it does not outlive this process; None where that is unknown.

    SIGKILL, because a stopped process hears nothing else and would keep its stage's lock; it loses nothing by it.
    """
    if sys.platform != "linux":
        return None
    parent = os.getpid()

    def die_with_parent() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the kernel was asked
            os._exit(1)

    return die_with_parent
