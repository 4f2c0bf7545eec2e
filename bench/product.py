"""`jianbao up` as a child: starting it over a folder, knowing its processes, stopping it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 180.0


@dataclass(frozen=True, slots=True)
class Product:
    """A running Jianbao. `ready_s`: wall seconds from the command to its announcement."""

    data: Path
    process: subprocess.Popen[bytes]
    ready_s: float

    def pids(self) -> dict[str, int]:
        """Process ids by the name under which each process announced itself; `up` is the supervisor."""
        told = {path.stem: json.loads(path.read_text("utf-8")) for path in (self.data / "run").glob("*.json")}
        pids = {name: int(one["pid"]) for name, one in told.items() if isinstance(one, dict) and "pid" in one}
        return {name: pid for name, pid in sorted(pids.items()) if pid != self.process.pid} | {"up": self.process.pid}

    def url(self, name: str) -> str:
        """Base address of a process."""
        told = json.loads((self.data / "run" / f"{name}.json").read_text("utf-8"))
        return f"http://{told['host']}:{told['port']}"


def command(*arguments: str) -> list[str]:
    """Return the command line of a verb, on this interpreter."""
    return [sys.executable, "-m", "jianbao_standalone", *arguments]


def office_key(data: Path, office: str) -> str:
    """Make an office and return its key."""
    made = subprocess.run(command("offices", "add", office, "--data", str(data)), capture_output=True, check=True)
    return made.stdout.decode().split()[-1]


@contextmanager
def running(data: Path) -> Iterator[Product]:
    """Start `jianbao up` on free ports, yield it once it is ready, stop it as Ctrl-C would."""
    data.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    process = subprocess.Popen(command("up", "--data", str(data), "--ingest-port", "0", "--search-port", "0"))
    try:
        while not _is_ready(data, process):
            if process.poll() is not None or time.monotonic() - began > PATIENCE_S:
                raise SystemExit(f"jianbao up did not become ready; see {data}/logs")
            time.sleep(0.01)
        yield Product(data, process, time.monotonic() - began)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(60)


def _is_ready(data: Path, process: subprocess.Popen[bytes]) -> bool:
    try:
        told = json.loads((data / "run" / "up.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(told["pid"] == process.pid)
