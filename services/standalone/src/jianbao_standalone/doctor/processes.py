"""Looking at the processes of a data folder: who lives, since when, how large, and whether it answers."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import httpx

from jianbao_standalone.addresses import Address, is_ours, read_address
from jianbao_standalone.backup.alone import LOCK
from jianbao_standalone.doctor import judging_processes as judging
from jianbao_standalone.doctor.examination import Patient
from jianbao_standalone.doctor.findings import Finding
from jianbao_standalone.supervisor.journal import NAME as SUPERVISOR
from jianbao_standalone.supervisor.lives import LastEnd, Lives
from jianbao_standalone.supervisor.memory import held_bytes, is_stopped
from jianbao_standalone.supervisor.processes import all_processes
from jianbao_streaming.process import RUN_FOLDER

PATIENCE_S = 2.0
"""How long an answer is waited for, as the supervisor waits; a process on an idle machine answers within milliseconds."""

ENDS = re.compile(r'^jianbao_process_ends_total\{.*process="([^"]+)".*\} ([0-9.e+]+)$', re.MULTILINE)


def check_processes(patient: Patient) -> Iterator[Finding]:
    """Look at the supervisor and at each process it should keep."""
    data = patient.data
    with ThreadPoolExecutor(8) as looking, httpx.Client(timeout=PATIENCE_S, trust_env=False) as client:
        supervisor = looking.submit(_look, client, data, SUPERVISOR, _supervisor_pid(data))
        children = [
            looking.submit(_look, client, data, spec.name, _pid(read_address(data, spec.name)))
            for spec in all_processes(0, 0)
        ]
        restarts = _restarts(client, data)
        scene = judging.Scene(
            str(data),
            supervisor.result(),
            [child.result() for child in children],
            restarts,
            Lives(data).last_end() in (LastEnd.NONE, LastEnd.STOPPED),
        )
    return judging.judge(scene)


def is_served(data: Path) -> bool:
    """Return whether a supervisor lives over a data folder."""
    return _supervisor_pid(data) is not None


def _look(client: httpx.Client, data: Path, name: str, pid: int | None) -> judging.Seen:
    if pid is None:
        return judging.Seen(name, None)
    started = _started(pid)
    if is_stopped(pid):
        return judging.Seen(name, pid, stopped=True)
    address = read_address(data, name)
    told = _live(client, address) if address is not None and address.pid == pid else None
    return judging.Seen(
        name,
        pid,
        up_s=None if started is None else time.time() - started,
        memory=held_bytes(pid),
        answers=told is not None,
        waits_for=str(told["last_error"]) if told and told.get("last_error") else None,
        older_program=started is not None and started < _installed_at(),
    )


def _live(client: httpx.Client, address: Address) -> Mapping[str, Any] | None:
    """Return what a process says of itself, or None where it does not answer well."""
    try:
        answer = client.get(f"{address.url}/health/live")
        told = answer.json() if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError):
        return None
    return told if isinstance(told, dict) else {} if answer.status_code == httpx.codes.OK else None


def _restarts(client: httpx.Client, data: Path) -> dict[str, int]:
    address = read_address(data, SUPERVISOR)
    counts: dict[str, int] = {}
    if address is not None:
        try:
            text = client.get(f"{address.url}/metrics").text
        except httpx.HTTPError:
            return counts
        for name, count in ENDS.findall(text):
            counts[name] = counts.get(name, 0) + int(float(count))
    return counts


def _supervisor_pid(data: Path) -> int | None:
    """Return the process that holds the folder, told by the lock file; the lock itself is not touched."""
    try:
        pid = int((data / RUN_FOLDER / LOCK).read_text("ascii") or 0)
    except (OSError, ValueError):
        return None
    return pid if pid and is_ours(pid) else None


def _pid(address: Address | None) -> int | None:
    return None if address is None else address.pid


def _started(pid: int) -> float | None:
    """Return when a process began, seconds since 1970, or None where that cannot be told."""
    try:
        ticks = int(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19])
        boot = next(line for line in Path("/proc/stat").read_text("ascii").splitlines() if line.startswith("btime"))
    except (OSError, ValueError, IndexError, StopIteration):
        return None
    return int(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")


def _installed_at() -> float:
    """Return when this program was installed, seconds since 1970; 0 where that cannot be told."""
    found = distribution("jianbao-standalone")
    record = next((file for file in found.files or () if file.name == "RECORD"), None)
    return Path(str(found.locate_file(record))).stat().st_mtime if record is not None else 0.0
