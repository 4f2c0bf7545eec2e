"""Where the processes of a data folder can be reached, as they announced it themselves."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from jianbao_streaming.process import RUN_FOLDER

SUPERVISOR = "supervisor"
"""Name under which `jianbao up` announces itself, before any of its processes."""


@dataclass(frozen=True, slots=True)
class Address:
    """A process that serves HTTP."""

    pid: int
    host: str
    port: int

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one process of a data folder answers: asked anew each time, for one that was restarted may be elsewhere."""

    data: Path
    process: str

    def url(self) -> str | None:
        """Return its base URL, or None while it does not run."""
        found = read_address(self.data, self.process)
        return found.url if found else None

    def supervised(self) -> bool:
        """Return whether `jianbao up` runs over the folder, so that the process comes (back) by itself."""
        return read_address(self.data, SUPERVISOR) is not None

    def why_away(self) -> str:
        """Say why there is no URL."""
        if self.supervised():
            return f"{self.process} is being restarted"
        return f"nothing runs over {self.data}; start it with: jianbao up --data {self.data}"


def read_address(data: Path, name: str) -> Address | None:
    """Return what a process announced last, or None where nothing was announced, or whoever did so has ended."""
    address = last_address(data, name)
    return address if address is not None and is_ours(address.pid) else None


def last_address(data: Path, name: str) -> Address | None:
    """Return what a process announced last, whether or not it still lives."""
    try:
        told = json.loads((data / RUN_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        return Address(int(told["pid"]), str(told["host"]), int(told["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_ours(pid: int) -> bool:
    """Return whether a process lives and is one of Jianbao's: after a restart the number may be anybody's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives, under another account
    try:
        return b"jianbao" in Path(f"/proc/{pid}/cmdline").read_bytes()  # empty for one that has ended, not yet reaped
    except OSError:
        return True  # no such folder on this system: to live must do


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Return whether a port can be listened on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
