"""The product under test: started, addressed, hurt and stopped as an operator could, never looked into."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 120.0
"""How long something that must happen by itself may take on a busy machine."""

DEADLY = Path(__file__).resolve().parent.parent / "deadly"

STAGES = {"normalize": "normalize", "extract": "extract", "search-indexer": "search", "ingest-receipts": "receipts"}
"""Processes that read topics, each with its consumer group."""


class NotSeenError(Exception):
    """Something that must happen by itself did not happen in time."""


def until(look: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """Return what `look` finds as soon as it finds something. Raises NotSeenError."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        found = look()
        if found is not None and found is not False:
            return found
        time.sleep(0.05)
    raise NotSeenError(f"waited {patience_s:.0f} s for {what}")


class Machine:
    """`jianbao up` over a data folder, on free ports."""

    def __init__(self, data: Path, *, deadly: bool = False) -> None:
        """`deadly`: two sentences kill the stages that read them (see `deadly/sitecustomize.py`)."""
        self.data = data
        path = [str(DEADLY)] * deadly + [os.environ.get("PYTHONPATH", "")]
        self._environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when all processes are ready."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data.parent / "up.log").open("ab") as told:
            started = subprocess.Popen(
                self._command("up", "--ingest-port", "0", "--search-port", "0"),
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                env=self._environment,
                start_new_session=True,
            )
        self._process = started

        def ready() -> bool:
            if started.poll() is not None:
                raise NotSeenError(f"jianbao up ended with {started.returncode}; see {self.data.parent / 'up.log'}")
            return self._told("up").get("pid") == started.pid

        until(ready, "jianbao up to be ready")

    def stop(self) -> int:
        """Stop as Ctrl-C would; return the exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def kill_supervisor(self) -> None:
        """SIGKILL the supervisor, wait for its processes to die with it, and start another."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.start()

    def delete_index(self) -> None:
        """Delete the index under the indexer's hands."""
        shutil.rmtree(self.data / "index", ignore_errors=True)

    def signal(self, name: str, number: signal.Signals) -> int:
        """Send a signal to a process once it is there; return its id."""
        process_id = until(lambda: self.process_id(name), f"{name} to be there")
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, number)
        return process_id

    def pause(self, name: str, seconds: float) -> None:
        """Stop a process and let it go on later, if it still lives."""
        process_id = self.signal(name, signal.SIGSTOP)
        time.sleep(seconds)
        if self._is_ours(process_id):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGCONT)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Stop the process that runs now, so that what it holds is free; the supervisor starts another."""
        self.signal(name, signal.SIGKILL)
        yield

    def process_id(self, name: str) -> int | None:
        """Return the id of a process of ours that lives, or None."""
        process_id = self._told(name).get("pid")
        return process_id if isinstance(process_id, int) and self._is_ours(process_id) else None

    def address(self, name: str) -> str | None:
        """Return the base URL that a process told last, or None."""
        told = self._told(name)
        return f"http://{told['host']}:{told['port']}" if "port" in told else None

    def add_office(self, office: str) -> str:
        """Return a key of a new office."""
        return self.run("offices", "add", office).stdout.strip()

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of the product over the data folder."""
        return subprocess.run(
            self._command(*arguments), capture_output=True, text=True, env=self._environment, check=check, timeout=300
        )

    def has(self, verb: str) -> bool:
        """Return whether the command line knows a verb."""
        known = subprocess.run(
            [sys.executable, "-m", "jianbao_standalone", verb, "--help"], capture_output=True, check=False, timeout=60
        )
        return known.returncode == 0

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "jianbao_standalone", *arguments, "--data", str(self.data)]

    def _told(self, name: str) -> dict[str, object]:
        try:
            return dict(json.loads((self.data / "run" / f"{name}.json").read_text("utf-8")))
        except (OSError, ValueError):
            return {}

    def _is_ours(self, process_id: int) -> bool:
        """Whether it is a child of our supervisor: ids are used again, and others run on this machine."""
        found = subprocess.run(
            ["ps", "-o", "ppid=,stat=", "-p", str(process_id)], capture_output=True, text=True, check=False
        )
        parent, _, state = found.stdout.strip().partition(" ")
        return self._process is not None and parent == str(self._process.pid) and "Z" not in state
