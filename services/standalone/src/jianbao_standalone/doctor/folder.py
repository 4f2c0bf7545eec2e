"""Looking at the data folder and its disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from jianbao_standalone.backup import names
from jianbao_standalone.backup.plan import plan_file
from jianbao_standalone.backup.restoring import BEFORE, INDEX_FOLDER, OWN_NAMES, PREPARED
from jianbao_standalone.doctor import judging_folder as judging
from jianbao_standalone.doctor.examination import Patient
from jianbao_standalone.doctor.findings import Finding, note, ok, problem
from jianbao_standalone.doctor.processes import is_served
from jianbao_standalone.doctor.words import span
from jianbao_standalone.office_keys import KEY_FOLDER
from jianbao_standalone.supervisor.space import free_bytes
from jianbao_streaming.engine import PAYLOAD_FOLDER
from jianbao_streaming.sqlite import DATABASE

MOUNTS = Path("/proc/self/mounts")

STALE_S = 3600.0
"""A temporary file that old belongs to nobody: no write takes that long."""


def check_folder(patient: Patient) -> Iterator[Finding]:
    """Look whether this is the data folder of a Jianbao at all."""
    data = patient.data
    if not data.is_dir():
        yield problem(
            "folder", f"{data} is no folder", "a mistyped path, or a disk that is not mounted", f"ls -ld {data}"
        )
    elif (data / DATABASE).exists():
        yield ok("folder", str(data))
    elif plan_file(data).exists():
        pass  # told as a leftover: the restore that is under way has renamed it
    elif OWN_NAMES & {path.name for path in data.iterdir()}:
        yield problem(
            "folder",
            f"the database {data / DATABASE} is missing",
            "log, receipts and revisions stand in it; payloads and index alone cannot replace it",
            f"jianbao restore BACKUP --data {data}",
        )
    else:
        yield problem(
            "folder",
            f"{data} is no data folder of a Jianbao",
            "another one was meant, or none was started there yet",
            "jianbao doctor --data DIR",
        )


def holds_something_of_ours(data: Path) -> bool:
    """Return whether anything in a folder is a Jianbao's; also where that cannot be told, which the checks tell then."""
    if plan_file(data).exists():
        return True
    try:
        return bool((OWN_NAMES | {DATABASE}) & {path.name for path in data.iterdir()})
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def check_disk(patient: Patient) -> Iterator[Finding]:
    """Look at the disk of the folder."""
    if patient.data.is_dir():
        told = os.statvfs(patient.data)
        disk = judging.Disk(
            free_bytes(patient.data),
            _kind(patient.data),
            bool(told.f_flag & os.ST_RDONLY),
            os.access(patient.data, os.W_OK),
        )
        yield from judging.judge_disk(disk, str(patient.data))


def check_sizes(patient: Patient) -> Iterator[Finding]:
    """Look at what takes how much room."""
    data = patient.data
    if not data.is_dir():
        return
    sizes = {
        "database": _length(data / DATABASE),
        "write-ahead log": _length(data / f"{DATABASE}-wal"),
        "payloads": _weight(data / PAYLOAD_FOLDER),
        "index": _weight(data / INDEX_FOLDER),
        "logs": _weight(data / "logs"),
    }
    sizes |= {path.name: _weight(path) for path in sorted(data.glob("before-*"))}
    yield from judging.judge_sizes(sizes, str(data))


def check_keys(patient: Patient) -> Iterator[Finding]:
    """Look whether others can read the plain-text keys of local offices."""
    folder = patient.data / KEY_FOLDER
    open_to_others = [
        path for path in sorted(folder.glob("*.key")) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_others:
        yield problem(
            "keys",
            f"{len(open_to_others)} keys can be read by other users, e.g. {open_to_others[0].name}",
            "whoever reads a key can push in that office's name",
            f"chmod 600 {folder}/*.key",
        )
    else:
        yield ok("keys", "only their owner can read the local keys")


def check_leftovers(patient: Patient) -> Iterator[Finding]:
    """Look for what interrupted work has left behind."""
    data = patient.data
    if plan_file(data).exists():
        do = "wait some seconds, then look again" if is_served(data) else f"jianbao up --data {data}"
        yield problem(
            "leftovers",
            "a restore is not finished",
            "the next start finishes it before anything else; nothing is lost",
            do,
        )
    stale = [path for path in _temporary(data) if (patient.now.timestamp() - path.lstat().st_mtime) > STALE_S]
    if stale:
        oldest = span(patient.now.timestamp() - min(path.lstat().st_mtime for path in stale))
        shown = " ".join(str(path) for path in stale[:5])
        yield note(
            "leftovers",
            f"{len(stale)} temporary files or folders, the oldest {oldest} old",
            "killed processes have left them; they only take room",
            f"rm -r {shown}" + (" …" if len(stale) > 5 else ""),
        )
    elif not plan_file(data).exists():
        yield ok("leftovers", "nothing is left behind")


def _temporary(data: Path) -> Iterator[Path]:
    yield from (data / "run").glob(".*.new")
    yield from (data / "run").glob("*.new")
    yield from (data / PAYLOAD_FOLDER).glob("??/new-*")
    yield from (data / INDEX_FOLDER).parent.glob(f"{INDEX_FOLDER}.old")
    yield from data.glob(f"*{names.UNFINISHED}")
    if not plan_file(data).exists():
        yield from (path for path in data.glob(f"{PREPARED}*") if not path.name.startswith(BEFORE))


def _kind(folder: Path) -> str:
    """Return the type of the file system that a folder is on, "" where the system does not tell."""
    try:
        lines = [line.split() for line in MOUNTS.read_text("utf-8", "surrogateescape").splitlines()]
    except OSError:
        return ""
    place = folder.resolve()
    mounted = {line[1].replace("\\040", " "): line[2] for line in lines if len(line) > 2}
    found = [path for path in mounted if place.is_relative_to(path)]
    return mounted[max(found, key=len)] if found else ""


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _weight(folder: Path) -> int:
    """Return the size of all files below a folder; what vanishes meanwhile does not count."""
    total = 0
    for top, _, files in os.walk(folder):
        for name in files:
            try:
                total += (Path(top) / name).lstat().st_size
            except OSError:
                continue
    return total
