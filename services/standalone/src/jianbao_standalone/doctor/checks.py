"""All checks, in the order in which a reader wants to know."""

from __future__ import annotations

from jianbao_standalone.doctor.backups import check_backups
from jianbao_standalone.doctor.database import check_clock, check_dead_letters, check_integrity, check_lag
from jianbao_standalone.doctor.examination import Check
from jianbao_standalone.doctor.folder import check_disk, check_folder, check_keys, check_leftovers, check_sizes
from jianbao_standalone.doctor.ports import check_ports
from jianbao_standalone.doctor.processes import check_processes
from jianbao_standalone.doctor.versions import check_versions

CHECKS: tuple[tuple[str, Check], ...] = (
    ("folder", check_folder),
    ("processes", check_processes),
    ("ports", check_ports),
    ("versions", check_versions),
    ("integrity", check_integrity),
    ("lag", check_lag),
    ("dead letters", check_dead_letters),
    ("backup", check_backups),
    ("disk", check_disk),
    ("sizes", check_sizes),
    ("clock", check_clock),
    ("keys", check_keys),
    ("leftovers", check_leftovers),
)
