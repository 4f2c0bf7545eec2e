"""Looking how old the last backup is."""

from __future__ import annotations

from collections.abc import Iterator

from jianbao_standalone.backup.newest import newest_backup
from jianbao_standalone.doctor.database import oldest_record
from jianbao_standalone.doctor.examination import Patient
from jianbao_standalone.doctor.findings import Finding
from jianbao_standalone.doctor.judging_folder import judge_backup


def check_backups(patient: Patient) -> Iterator[Finding]:
    """Look when the last backup of this folder was made, and where it went."""
    made_at, place = newest_backup(patient.data) or (None, "")
    yield judge_backup(made_at, place, oldest_record(patient.data), patient.now, str(patient.data))
