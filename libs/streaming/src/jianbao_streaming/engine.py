"""An engine: the log, the payload store and the memory of attempts, opened together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jianbao_streaming.ports import Attempts, Log, Payloads


@dataclass(frozen=True, slots=True)
class Engine:
    """What a service needs to read and write topics, whichever engine is below."""

    log: Log
    payloads: Payloads
    attempts: Attempts


def open_embedded(data: Path, *, durable: bool = False) -> Engine:
    """Open the embedded engine over a data folder.

    `durable`: every append waits until it survives a power cut (what ingest promises with its 202). Stages do without:
    what a power cut takes from them, output and offset together, they do again.
    """
    raise NotImplementedError
