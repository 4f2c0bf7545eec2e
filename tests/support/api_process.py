"""One API as a process, on a port and with limits of a test's choice."""

from __future__ import annotations

import http.client
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from running import until


def command(service: str) -> list[str]:
    return [sys.executable, "-m", f"jianbao_{service}", "api"]


def environment(service: str, data: Path, port: int = 0) -> dict[str, str]:
    return {**os.environ, "JIANBAO_DATA": str(data), f"JIANBAO_{service.upper()}_PORT": str(port)}


@dataclass
class Api:
    """It answers at `address`."""

    process: subprocess.Popen[str]
    address: tuple[str, int]

    def ask(
        self, method: str, path: str, body: bytes = b"", *, patience_s: float = 10.0, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one answer, waited for no longer than a person would."""
        connection = http.client.HTTPConnection(*self.address, timeout=patience_s)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()


@contextmanager
def api(service: str, data: Path, port: int = 0, descriptors: int | None = None) -> Iterator[Api]:
    """Start an API, with a hard limit of descriptors if given; it must stop as asked, unless the test killed it."""
    limits = None if descriptors is None else lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors,) * 2)
    process = subprocess.Popen(
        command(service),
        env=environment(service, data, port),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limits,
    )
    where = data / "run" / f"{service}-api.json"

    def told() -> dict[str, int] | None:
        assert process.poll() is None, process.stderr.read()
        found = json.loads(where.read_text()) if where.exists() else {}
        return found if found.get("pid") == process.pid else None

    try:
        yield Api(process, ("127.0.0.1", until(told, f"{service}-api to answer")["port"]))
    finally:
        killed = process.poll() is not None
        process.terminate()
        said = process.communicate(timeout=60)[1]
        assert killed or process.returncode == 0
        assert "Traceback" not in said


def refused_start(service: str, data: Path, port: int) -> str:
    """What an API says that cannot have its port; it must end with code 1."""
    done = subprocess.run(
        command(service), env=environment(service, data, port), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    return done.stderr
