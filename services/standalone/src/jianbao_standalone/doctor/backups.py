"""Looking how old the last backup is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from jianbao_standalone.backup.errors import BackupError
from jianbao_standalone.backup.making import LAST_BACKUP
from jianbao_standalone.backup.manifest import parse_manifest
from jianbao_standalone.doctor.database import oldest_record
from jianbao_standalone.doctor.examination import Patient
from jianbao_standalone.doctor.findings import Finding
from jianbao_standalone.doctor.judging_folder import judge_backup
from jianbao_streaming.process import RUN_FOLDER


def check_backups(patient: Patient) -> Iterator[Finding]:
    """Look when the last backup of this folder was made, and where it went."""
    made_at, place = _last(patient.data)
    yield judge_backup(made_at, place, oldest_record(patient.data), patient.now, str(patient.data))


def _last(data: Path) -> tuple[datetime | None, str]:
    path = data / RUN_FOLDER / LAST_BACKUP
    try:
        manifest = parse_manifest(path.read_text("utf-8"), str(path))
    except (OSError, BackupError):
        return None, ""
    return manifest.made_at.astimezone(UTC), manifest.data_folder
