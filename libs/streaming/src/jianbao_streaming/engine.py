"""An engine: the log, the payload store and the memory of attempts, opened together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from jianbao_contracts.topics import catalogue
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.payload_folder import FolderPayloads
from jianbao_streaming.ports import Attempts, Clock, Log, Payloads
from jianbao_streaming.sqlite.attempts import SqliteAttempts
from jianbao_streaming.sqlite.connection import DATABASE, connect
from jianbao_streaming.sqlite.log import SqliteLog
from jianbao_streaming.sqlite.retention import clean, is_referred_to

PAYLOAD_FOLDER = "payloads"

YOUNGEST_GARBAGE = timedelta(hours=1)
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


def clean_embedded(data: Path, clock: Clock) -> tuple[int, int]:
    """Apply retention to a data folder; return how many records and payloads went. Safe while everything runs."""
    connection = connect(data / DATABASE)
    try:
        records = clean(connection, catalogue().values(), clock.now())
        payloads = FolderPayloads(data / PAYLOAD_FOLDER).collect(
            lambda name: is_referred_to(connection, name), clock.now() - YOUNGEST_GARBAGE
        )
    finally:
        connection.close()
    return records, payloads
