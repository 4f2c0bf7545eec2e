"""Looking into the one SQLite file: is it sound, what waits in it, what lies dead. Nothing is written, no lock is kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import apsw

from jianbao_standalone import stages
from jianbao_standalone.backup import snapshot
from jianbao_standalone.dead_letters.desk import find
from jianbao_standalone.dead_letters.filter import Filter
from jianbao_standalone.dead_letters.stats import count
from jianbao_standalone.doctor import judging_database as judging
from jianbao_standalone.doctor.examination import Patient
from jianbao_standalone.doctor.findings import Finding, note, ok, problem
from jianbao_standalone.doctor.processes import is_served
from jianbao_standalone.doctor.words import size
from jianbao_streaming import FatalError
from jianbao_streaming.sqlite import DATABASE
from jianbao_streaming.sqlite.reader import SqliteReader
from jianbao_streaming.sqlite.soundness import STEPS_BETWEEN_LOOKS, look_over

if TYPE_CHECKING:
    from jianbao_streaming import Log

QUICK_S = 2.0
"""How long the structure of the file is checked for: some hundred MiB on an ordinary disk. --thorough has no limit."""

LAG = (
    "SELECT t.end - coalesce(o.offset, 0), (SELECT timestamp FROM log_record r WHERE r.topic = t.id"
    " AND r.offset >= coalesce(o.offset, 0) ORDER BY r.offset LIMIT 1)"
    " FROM log_topic t LEFT JOIN log_offset o ON o.topic = t.id AND o.group_name = ? WHERE t.name = ?"
)

NEWEST = (
    "SELECT max((SELECT timestamp FROM log_record r WHERE r.topic = t.id ORDER BY offset DESC LIMIT 1))"
    " FROM log_topic t"
)

OLDEST = NEWEST.replace("max(", "min(").replace(" DESC", "")


def check_integrity(patient: Patient) -> Iterator[Finding]:
    """Look whether the file is all there and its structure sound."""
    database = patient.data / DATABASE
    if not database.exists():
        return  # told by the check of the folder
    restore = f"jianbao restore BACKUP --data {patient.data}"
    try:
        look_over(database, in_use=True)
        with _looking(patient.data) as connection:
            found = _structure(connection, thorough=patient.thorough)
    except FatalError as error:
        yield _damaged(str(error), restore)
    except apsw.InterruptError:
        yield note(
            "integrity",
            f"{DATABASE} ({size(database.stat().st_size)}) is too large to be checked within {QUICK_S:.0f} s",
            "its beginning is sound; the rest was not looked at",
            f"jianbao doctor --thorough --data {patient.data}",
        )
    except apsw.Error as error:
        yield _damaged(snapshot.unreadable(database, error), restore)
    else:
        yield ok("integrity", f"{DATABASE} is sound") if found is None else _damaged(found, restore)


def check_lag(patient: Patient) -> Iterator[Finding]:
    """Look what waits before each stage."""
    with _looking_if_there(patient.data) as connection:
        if connection is not None:
            waiting = list(_waiting(connection))
            yield from judging.judge_lag(waiting, patient.now, str(patient.data), served=is_served(patient.data))


def check_dead_letters(patient: Patient) -> Iterator[Finding]:
    """Look at the dead letters that nobody has dealt with."""
    with _looking_if_there(patient.data) as connection:
        if connection is None:
            return
    letters = find(cast("Log", _Readers(patient.data)), Filter())
    by_code: Counter[str] = Counter()
    for row in count(letters).rows():
        by_code[str(row["code"])] += int(row["open"])
    yield from judging.judge_dead_letters(by_code, str(patient.data))


def check_clock(patient: Patient) -> Iterator[Finding]:
    """Look whether this machine's clock can be right."""
    newest = None
    with _looking_if_there(patient.data) as connection:
        if connection is not None:
            ((told,),) = connection.execute(NEWEST)
            newest = datetime.fromtimestamp(told / 1000, UTC) if told else None
    yield judging.judge_clock(newest, patient.now)


def stored_layouts(data: Path) -> Mapping[str, int]:
    """Return the versions of the tables in a data folder, none where there is no database that can be read."""
    with _looking_if_there(data) as connection:
        return {} if connection is None else snapshot.stored_layouts(connection)


def oldest_record(data: Path) -> datetime | None:
    """Return when the oldest record was appended that is still there, or None."""
    with _looking_if_there(data) as connection:
        if connection is None:
            return None
        ((told,),) = connection.execute(OLDEST)
        return datetime.fromtimestamp(told / 1000, UTC) if told else None


class _Readers:
    """As much of a log as looking at dead letters takes, without making anything."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def reader(self, wanted: Sequence[str], *, start: Mapping[str, int] | None = None) -> SqliteReader:
        return SqliteReader(snapshot.open_without_trace(self._data / DATABASE), wanted, start or {})


@contextmanager
def _looking(data: Path) -> Iterator[apsw.Connection]:
    connection = snapshot.open_without_trace(data / DATABASE)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _looking_if_there(data: Path) -> Iterator[apsw.Connection | None]:
    """Yield a connection, or None where there is no log to look into, which other checks tell."""
    try:
        connection = snapshot.open_without_trace(data / DATABASE)
    except apsw.Error:
        yield None
        return
    try:
        yield connection if _has_log(connection) else None
    finally:
        connection.close()


def _has_log(connection: apsw.Connection) -> bool:
    try:
        connection.execute("SELECT 1 FROM log_topic JOIN log_offset LIMIT 1")
    except apsw.Error:
        return False
    return True


def _structure(connection: apsw.Connection, *, thorough: bool) -> str | None:
    if thorough:
        return snapshot.damage(connection)
    deadline = time.monotonic() + QUICK_S
    connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_BETWEEN_LOOKS)
    return snapshot.damage(connection, thorough=False)


def _waiting(connection: apsw.Connection) -> Iterator[judging.Waiting]:
    for stage in stages.ALL:
        for topic in stage.reads:
            for records, oldest in connection.execute(LAG, (stage.name, topic)):
                if records > 0:
                    since = datetime.fromtimestamp(oldest / 1000, UTC) if oldest else None
                    yield judging.Waiting(stage.name, topic, records, since)


def _damaged(what: str, restore: str) -> Finding:
    return problem(
        "integrity",
        f"the database is damaged: {what}",
        "services stop rather than go on over it; payloads and the index are not touched by this",
        f"stop `jianbao up`, then: {restore}",
    )
