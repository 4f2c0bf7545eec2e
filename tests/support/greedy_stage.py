"""`python -m greedy_stage`: a stage whose handler takes ever more memory when it meets the record `greedy`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from jianbao_streaming import Emit, Record, StoredRecord, each
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.stage import run_stage

SOURCE, TARGET, NAME = "greedy.in", "greedy.out", "greedy"
PIECE = 16 * 1024 * 1024


def handle(stored: StoredRecord) -> Emit:
    held: list[bytes] = []
    while stored.value == b"greedy":
        held.append(os.urandom(1) * PIECE)
        time.sleep(0.01)
    return Emit([Record(TARGET, stored.key, stored.value, (), stored.key)])


if __name__ == "__main__":
    data = Path(os.environ["JIANBAO_DATA"])
    sys.exit(
        run_stage(
            name=NAME,
            stage=None,
            group=NAME,
            topics=[SOURCE],
            handler=each(handle),
            engine=open_embedded(data),
            data=data,
            health_port=0,
            service_version="test",
        )
    )
