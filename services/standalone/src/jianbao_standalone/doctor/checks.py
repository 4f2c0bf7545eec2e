"""All checks, in the order in which a reader wants to know."""

from __future__ import annotations

from collections.abc import Sequence

from jianbao_standalone.doctor.backups import check_backups
from jianbao_standalone.doctor.database import check_clock, check_dead_letters, check_integrity, check_lag
from jianbao_standalone.doctor.examination import Check, Patient
from jianbao_standalone.doctor.folder import (
    check_disk,
    check_folder,
    check_keys,
    check_leftovers,
    check_sizes,
    holds_something_of_ours,
)
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


def checks_for(patient: Patient) -> Sequence[tuple[str, Check]]:
    """Return what there is to look at: of a folder that is not there, or not ours, only that.

    What the others say of a disk that is not mounted would be wrong: that Jianbao was stopped in order, for one.
    """
    return CHECKS if holds_something_of_ours(patient.data) else CHECKS[:1]
