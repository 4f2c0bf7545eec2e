"""The last complete backup of a data folder, as making it noted: when it was made, and where it went."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path

from jianbao_standalone.backup.errors import BackupError
from jianbao_standalone.backup.making import LAST_BACKUP
from jianbao_standalone.backup.manifest import parse_manifest
from jianbao_streaming.process import RUN_FOLDER

UNKNOWN = "jianbao restore BACKUP"
"""How advice is written where it is not known which backups there are."""


def newest_backup(data: Path) -> tuple[datetime, str] | None:
    """Return when the last backup of a data folder was made and its path, or None where none is known."""
    path = data / RUN_FOLDER / LAST_BACKUP
    try:
        manifest = parse_manifest(path.read_text("utf-8"), str(path))
    except (OSError, BackupError):
        return None
    return manifest.made_at.astimezone(UTC), manifest.data_folder


def naming_backup(advice: str, data: Path) -> str:
    """Return advice with the last backup's path in the place of BACKUP, where that is known."""
    if UNKNOWN not in advice or (newest := newest_backup(data)) is None:
        return advice
    return advice.replace(UNKNOWN, f"jianbao restore {shlex.quote(newest[1])}")
