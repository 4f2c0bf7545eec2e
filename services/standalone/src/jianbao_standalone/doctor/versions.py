"""Looking at what runs in which version, and whether the tables fit it."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

import apsw

from jianbao_standalone.doctor.database import stored_layouts
from jianbao_standalone.doctor.examination import Patient
from jianbao_standalone.doctor.findings import Finding, note, ok, problem
from jianbao_standalone.layouts import KNOWN
from jianbao_streaming.sqlite.connection import OLDEST_SAFE_VERSION

PACKAGES = ("tantivy", "opencc-python-reimplemented", "opencc", "pydantic", "uvicorn")


def check_versions(patient: Patient) -> Iterator[Finding]:
    """Look at versions of the program, of what it rests on, and of the tables."""
    parts = [
        f"Jianbao {version('jianbao-standalone')}",
        f"Python {platform.python_version()}",
        f"SQLite {apsw.sqlite_lib_version()}",
        *(f"{name} {found}" for name in PACKAGES if (found := _version(name))),
    ]
    yield ok("versions", ", ".join(parts))
    if tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) < OLDEST_SAFE_VERSION:
        yield problem(
            "versions",
            f"SQLite {apsw.sqlite_lib_version()} can corrupt the write-ahead log",
            "several processes write one file here; Jianbao refuses to start with it",
            "pip install --upgrade 'apsw>=3.53'",
        )
    yield from judge_layouts(stored_layouts(patient.data), KNOWN, str(patient.data))


def judge_layouts(stored: Mapping[str, int], known: Mapping[str, int], data: str) -> Iterator[Finding]:
    """Yield what the versions of the tables mean for this program."""
    newer = {name: found for name, found in stored.items() if found > known.get(name, 0)}
    older = {name: found for name, found in stored.items() if found < known.get(name, found)}
    if newer:
        yield problem(
            "versions",
            f"a newer Jianbao wrote the tables of {', '.join(f'{name} ({found})' for name, found in newer.items())}",
            "this program does not know them and will not touch the folder",
            f"install the newer Jianbao again, or: jianbao restore BACKUP --data {data}",
        )
    if older:
        yield note(
            "versions",
            f"the tables of {', '.join(older)} are of an older Jianbao",
            "the next start changes them, and keeps a copy made before; there is no way back but such a copy",
            "jianbao backup /media/usb",
        )
    if stored and not newer and not older:
        yield ok("versions", f"tables: {', '.join(f'{name} {found}' for name, found in stored.items())}")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
