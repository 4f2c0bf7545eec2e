"""`jianbao up` put together: the folder claimed and opened, the watches, the jobs, and the supervisor over it all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from jianbao_standalone.addresses import Address
from jianbao_standalone.backup import restoring
from jianbao_standalone.backup.alone import folder_for_itself
from jianbao_standalone.supervisor.audit_job import DEFAULT_PERIOD_S, LONGEST_FIRST_WAIT_S, audit_folder
from jianbao_standalone.supervisor.clock_watch import ClockWatch, tell_jump
from jianbao_standalone.supervisor.jobs import Job, Jobs, Wanted
from jianbao_standalone.supervisor.journal import NAME
from jianbao_standalone.supervisor.lives import LastEnd, Lives
from jianbao_standalone.supervisor.opening import open_folder
from jianbao_standalone.supervisor.processes import all_processes
from jianbao_standalone.supervisor.report import Report
from jianbao_standalone.supervisor.space import MIB, SpaceWatch
from jianbao_standalone.supervisor.supervisor import Interlude, Supervisor
from jianbao_streaming import FatalError
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import Cleaner
from jianbao_streaming.outcomes import DamagedError
from jianbao_streaming.process import announce
from jianbao_streaming.sqlite import DATABASE
from jianbao_streaming.sqlite.connection import damage_note
from jianbao_streaming.sqlite.soundness import read_through

RETENTION_PERIOD_S = 3600.0
WATCH_PERIOD_S = 2.0


def serve(
    data: Path,
    ports: tuple[int, int],
    tell: Callable[[str], None],
    stopping: threading.Event,
    when_ready: Callable[[dict[str, Address]], None],
    memory_limit_mib: int,
    audit_period_s: float = DEFAULT_PERIOD_S,
) -> None:
    """Serve a data folder until `stopping` is set. Raises FatalError and OSError where that cannot be, or not go on."""
    with folder_for_itself(data) as served_by:
        if served_by is not None:
            raise FatalError(
                f"{data} is already served by process {served_by}; stop that one, or give another folder with --data"
            )
        lives = Lives(data)
        room = SpaceWatch(data)
        report = Report()
        _tell_room(room, report, tell)
        read = open_folder(data, lives.last_end(), tell)
        lives.note(stopped=False)
        with closing(report.serve()) as health:
            announce(data, NAME, "127.0.0.1", health.port)
            Supervisor(
                data,
                all_processes(*ports),
                tell,
                jobs=Jobs([*_jobs(data, room, report, tell, read=read), *_audits(data, report, audit_period_s)], tell),
                report=report,
                interlude=_restore(data, lives, tell),
                memory_limit_mib=memory_limit_mib,
            ).run(stopping, when_ready)
        lives.note(stopped=True)


def _jobs(data: Path, room: SpaceWatch, report: Report, tell: Callable[[str], None], *, read: bool) -> list[Job]:
    clock = ClockWatch(lambda: datetime.now(UTC), lambda: time.clock_gettime(time.CLOCK_BOOTTIME))
    cleaner = Cleaner(data, SystemClock())

    def look_at_clock(_: Wanted) -> str | None:
        jump = clock.jump()
        if jump is None:
            return None
        report.jumped(jump)
        return tell_jump(jump)

    def clean(_: Wanted) -> str | None:
        records, payloads = cleaner.clean()
        return (
            f"{records} old records and {payloads} payloads nobody refers to were deleted"
            if records + payloads
            else None
        )

    def look_for_damage(_: Wanted) -> str | None:
        note = damage_note(data / DATABASE)
        if note.exists():
            raise DamagedError(note.read_text("utf-8"))
        return None

    def read_all(wanted: Wanted) -> str | None:
        read_through(data / DATABASE, wanted)
        return f"{data / DATABASE} ({(data / DATABASE).stat().st_size // MIB} MiB) was read through: it is sound"

    jobs = [
        Job("the look at the disk", lambda _: _tell_room(room, report, tell), WATCH_PERIOD_S, WATCH_PERIOD_S),
        Job("the look at the clock", look_at_clock, WATCH_PERIOD_S, WATCH_PERIOD_S),
        Job("the look for damage", look_for_damage, WATCH_PERIOD_S, WATCH_PERIOD_S),
        Job("retention", clean, RETENTION_PERIOD_S, RETENTION_PERIOD_S),
    ]
    return jobs if read else [*jobs, Job("the reading of the whole file", read_all, None, WATCH_PERIOD_S)]


def _audits(data: Path, report: Report, period_s: float) -> list[Job]:
    first_s = min(period_s, LONGEST_FIRST_WAIT_S)
    audit = Job("the audit", lambda wanted: audit_folder(data, report, wanted), period_s, first_s)
    return [audit] if period_s > 0 else []


def _tell_room(room: SpaceWatch, report: Report, tell: Callable[[str], None]) -> None:
    free, line = room.look()
    report.free(free)
    if line is not None:
        tell(line)


def _restore(data: Path, lives: Lives, tell: Callable[[str], None]) -> Interlude:
    def act() -> str:
        line = restoring.carry_out(data)
        open_folder(data, LastEnd.STOPPED, tell)
        lives.note(stopped=False)
        return line

    return Interlude("a restore is wanted", lambda: restoring.pending(data), act)
