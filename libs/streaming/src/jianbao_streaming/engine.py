"""An engine: the log, the payload store and the memory of attempts, opened together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jianbao_contracts.topics import catalogue
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.payload_folder import FolderPayloads, Writing
from jianbao_streaming.ports import Attempts, Clock, Log, Payloads
from jianbao_streaming.sqlite.attempts import SqliteAttempts
from jianbao_streaming.sqlite.connection import DATABASE, connect, select
from jianbao_streaming.sqlite.log import SqliteLog
from jianbao_streaming.sqlite.retention import clean, is_referred_to

PAYLOAD_FOLDER = "payloads"

ORPHAN_S = 3600.0
"""A payload is written before the record that refers to it; no append takes that long."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What a service needs to read and write topics, whichever engine is below."""

    log: Log
    payloads: Payloads
    attempts: Attempts

    def close(self) -> None:
        """Free what the engine holds."""
        self.log.close()


def open_embedded(data: Path, *, durable: bool = False, clock: Clock | None = None) -> Engine:
    """Open the embedded engine over a data folder, making the folder if it is missing.

    `durable`: every append waits until it survives a power cut (what ingest promises with its 202). Stages do without:
    what a power cut takes from them, output and offset together, they do again.
    """
    data.mkdir(parents=True, exist_ok=True)
    log = SqliteLog(data, clock or SystemClock(), durable=durable)
    return Engine(log, FolderPayloads(data / PAYLOAD_FOLDER), SqliteAttempts(connect(data / DATABASE)))


class Cleaner:
    """Applies retention to a data folder, time and again, while everything runs."""

    def __init__(self, data: Path, clock: Clock) -> None:
        self._data = data
        self._clock = clock
        self._orphans: dict[Path, tuple[Writing, float]] = {}

    def clean(self) -> tuple[int, int]:
        """Delete what is too old or not needed any more; return how many records and payloads went.

        A payload goes once it was found to be an orphan twice, an hour apart on a clock that never jumps. Raises
        LogUnavailableError, DamagedError and OSError; what was done by then stays done.
        """
        connection = connect(self._data / DATABASE)
        try:
            records = clean(connection, catalogue().values(), self._clock.now())
            payloads = FolderPayloads(self._data / PAYLOAD_FOLDER)
            now = self._clock.monotonic()
            before = self._orphans
            self._orphans = {
                path: (writing, before[path][1] if path in before and before[path][0] == writing else now)
                for path, writing in payloads.orphans(lambda name: is_referred_to(connection, name)).items()
            }
            old = [(path, writing) for path, (writing, seen) in self._orphans.items() if now - seen >= ORPHAN_S]
            return records, sum(payloads.delete(path, writing) for path, writing in old)
        finally:
            connection.close()


def newest_append(data: Path) -> datetime | None:
    """Return when, by the clock of then, a record was appended last; None where there never was one."""
    connection = connect(data / DATABASE)
    try:
        ((wall,),) = select(connection, "SELECT max(wall) FROM log_topic")
    finally:
        connection.close()
    return datetime.fromtimestamp(wall / 1000, UTC) if wall else None
