"""CPU of the handler loop alone, over records that cost nothing: `python tests/support/loop_cost.py [records] [json]`.

The log is a list and the handler emits nothing, so what is left is what the loop itself does for a record. Prints
microseconds of CPU a record, the best of several rounds. `json`: with log lines as JSON at INFO, as under `jianbao up`.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from jianbao_streaming import Emit, Record, StoredRecord, each
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.loop import StageLoop
from jianbao_streaming.metrics import StageMetrics
from jianbao_streaming.ports import Attempt

ROUNDS = 7
HEADERS = tuple((name, b"x" * 40) for name in ("ce_id", "ce_subject", "ce_pushid", "ce_office", "traceparent"))


@dataclass
class Memory:
    """A member, attempts and payloads that keep nothing."""

    records: list[StoredRecord]
    active: bool = True
    taken: int = field(default=0)

    def poll(self, most: int, timeout: float) -> Sequence[StoredRecord]:
        batch = self.records[self.taken : self.taken + most]
        self.taken += len(batch)
        return batch

    def commit(self, consumed: Sequence[StoredRecord], outputs: Sequence[Record]) -> None: ...

    def lag(self) -> int:
        return len(self.records) - self.taken

    def begin(self, group: str, claim: object) -> Attempt:
        return Attempt(0, -1)


def microseconds_a_record(count: int) -> float:
    """CPU of one round, in microseconds a record."""
    memory = Memory([StoredRecord("t", 0, offset, 0, b"k", b"{}", HEADERS) for offset in range(count)])
    loop = StageLoop(
        name="cost",
        member=memory,
        handler=each(lambda record: Emit([])),
        payloads=memory,
        attempts=memory,
        clock=SystemClock(),
        service_version="1",
        status_of=lambda record, error: (),
        metrics=StageMetrics("cost"),
        stopping=threading.Event(),
    )
    began = time.process_time()
    while memory.lag():
        loop.step()
    return (time.process_time() - began) / count * 1e6


def main(arguments: list[str]) -> None:
    count = int(arguments[0]) if arguments else 5000
    if "json" in arguments:
        from jianbao_streaming.logs import start_logging

        start_logging("cost", {"JIANBAO_LOG": "json"})
        logging.getLogger(__name__).info("log lines are JSON")
    print(f"{min(microseconds_a_record(count) for _ in range(ROUNDS)):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
