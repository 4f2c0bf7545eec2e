"""One supervised process: starting it, probing it, and telling why it died."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from jianbao_standalone.addresses import Address, read_address
from jianbao_standalone.supervisor.policy import LONGEST_START_S, RestartPolicy, SilenceWatch
from jianbao_standalone.supervisor.processes import ProcessSpec

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)  # loaded here: between fork and exec nothing may be loaded
PROBE_TIMEOUT_S = 2.0
MOST_LOG_BYTES = 20 * 1024 * 1024
"""A process's log is started afresh (the old one kept beside it) beyond this size."""


class Child:
    """A process and its lives. All methods but the probing thread's belong to the main thread."""

    def __init__(self, spec: ProcessSpec, data: Path) -> None:
        self.spec = spec
        self.restarts = RestartPolicy()
        self._data = data
        self._log = data / "logs" / f"{spec.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self.next_start = 0.0

    @property
    def running(self) -> bool:
        """Whether a process is there."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """The process's id, while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process; it is stopped by the kernel if the supervisor dies (Linux)."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if self._log.exists() and self._log.stat().st_size > MOST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".old.log"))
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own modules on our own interpreter
                self.spec.command(),
                env=self.spec.full_environment(self._data),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops all in order
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self._started = time.monotonic()
        threading.Thread(target=self._watch, args=(self._process,), name=f"probe-{self.spec.name}", daemon=True).start()

    def reap(self) -> str | None:
        """Return why the process ended and plan its next start, or None while it runs."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        pause = self.restarts.pause_after(time.monotonic() - self._started)
        self.next_start = time.monotonic() + pause
        self._process = None
        return f"{_how(code)}; its last word: {self.last_word()}"

    def address(self) -> Address | None:
        """Return where this life of the process can be reached, or None while it has not said so."""
        address = read_address(self._data, self.spec.name)
        return address if address and self._process and address.pid == self._process.pid else None

    def last_word(self) -> str:
        """Return the last line of the process's log that is not blank, cut to a readable length."""
        try:
            with self._log.open("rb") as log:
                log.seek(max(0, log.seek(0, 2) - 4096))
                lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
        except OSError:
            lines = []
        return lines[-1][:300] if lines else "nothing"

    def ask_to_stop(self) -> None:
        """Send SIGTERM; a stopped process is woken, so that it can hear it."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.send_signal(signal.SIGCONT)

    def wait_or_kill(self, deadline: float) -> None:
        """Wait until the process has ended, and kill it when the deadline (monotonic) has passed."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Probe one life of the process until it ends; kill it when it has gone silent."""
        watch, begun = SilenceWatch(), time.monotonic()
        with httpx.Client(timeout=PROBE_TIMEOUT_S, trust_env=False) as client:
            while process.poll() is None:
                address = read_address(self._data, self.spec.name)
                told = address is not None and address.pid == process.pid
                if (told and address and watch.note(_answers(client, address))) or (
                    not told and time.monotonic() - begun > LONGEST_START_S
                ):
                    process.kill()
                    return
                time.sleep(1.0)


def _answers(client: httpx.Client, address: Address) -> bool:
    try:
        return client.get(f"{address.url}/health/live").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def _die_with_parent() -> None:
    """Runs in the child before exec: without it a killed supervisor would leave processes that nobody watches.

    SIGKILL, because a stopped process hears nothing else and would keep its stage's lock; it loses nothing by it.
    """
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
