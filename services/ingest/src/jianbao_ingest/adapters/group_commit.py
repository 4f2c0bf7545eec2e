"""Group commit: requests that arrive together share one append, and with it one sync of the disk.

One thread drains a queue. While an append is under way, the next group gathers behind it, so a slow disk makes groups
larger instead of requests slower one after another.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from jianbao_ingest.metrics import IngestMetrics
from jianbao_streaming import FatalError, Log, LogUnavailableError, Record

log = logging.getLogger(__name__)

DEADLINE_S = 5.0
"""How long a request waits for its append. A sync takes milliseconds, tens of them beside a checkpoint; what takes
seconds is a stuck disk. Below the 10 s after which common HTTP clients give up: they should get an answer."""

MOST_RECORDS = 500
MOST_BYTES = 8 * 1024 * 1024
"""Of one append: large enough that its sync is shared by many, small enough that stages get their turn to write."""

MOST_WAITING_BYTES = 64 * 1024 * 1024
"""Of all that waits for an append; more means that the log is slower than the offices, and they must be told."""


@dataclass(slots=True)
class _Entry:
    records: Sequence[Record]
    size: int
    done: Future[None] = field(default_factory=Future)


class GroupCommit:
    """See `jianbao_ingest.ports.Appender`."""

    def __init__(
        self,
        log_: Log,
        metrics: IngestMetrics,
        *,
        deadline_s: float = DEADLINE_S,
        most_waiting_bytes: int = MOST_WAITING_BYTES,
        on_fatal: Callable[[], None] = lambda: None,
    ) -> None:
        self._log = log_
        self._metrics = metrics
        self._deadline_s = deadline_s
        self._most_waiting_bytes = most_waiting_bytes
        self._on_fatal = on_fatal
        self._waiting: deque[_Entry] = deque()
        self._waiting_bytes = 0
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write, name="group-commit", daemon=True)
        self._thread.start()

    async def append(self, records: Sequence[Record]) -> None:
        """Return once the log holds all records.

        Raises LogUnavailableError at once if too much waits already, and at the deadline: then records that were not
        begun are taken back, and of those in the middle of an append it is unknown whether they were written.
        """
        entry = _Entry(records, sum(_size(record) for record in records))
        with self._changed:
            if self._closed:
                raise LogUnavailableError("this process is stopping")
            if self._waiting and self._waiting_bytes + entry.size > self._most_waiting_bytes:
                raise LogUnavailableError(f"{self._waiting_bytes} bytes wait for the log already")
            self._waiting.append(entry)
            self._waiting_bytes += entry.size
            self._changed.notify()
        try:
            async with asyncio.timeout(self._deadline_s):
                await asyncio.wrap_future(entry.done)  # cancelling it takes the entry back if it was not begun
        except TimeoutError:
            raise LogUnavailableError(f"the log took more than {self._deadline_s} s") from None

    def close(self) -> None:
        """Append what waits, then stop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(self._deadline_s)

    def _write(self) -> None:
        while group := self._next_group():
            begun = [entry for entry in group if entry.done.set_running_or_notify_cancel()]
            if begun:
                self._append(begun)

    def _next_group(self) -> list[_Entry]:
        """Wait for entries and take as many as one append may hold; none once closed and empty."""
        group: list[_Entry] = []
        records = size = 0
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            while self._waiting:
                first = self._waiting[0]
                if group and (records + len(first.records) > MOST_RECORDS or size + first.size > MOST_BYTES):
                    break
                group.append(self._waiting.popleft())
                records += len(first.records)
                size += first.size
                self._waiting_bytes -= first.size
        return group

    def _append(self, group: Sequence[_Entry]) -> None:
        records = [record for entry in group for record in entry.records]
        try:
            with self._metrics.append_seconds.time():
                self._log.append(records)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear of it
            self._failed(group, error)
            return
        self._metrics.append_records.observe(len(records))
        for entry in group:
            entry.done.set_result(None)

    def _failed(self, group: Sequence[_Entry], error: Exception) -> None:
        if not isinstance(error, (LogUnavailableError, FatalError)) and len(group) > 1:
            log.warning("append of %d requests failed as a whole, trying them one by one: %r", len(group), error)
            for entry in group:
                self._append([entry])
            return
        log.error("append failed: %r", error)
        for entry in group:
            entry.done.set_exception(error)
        if isinstance(error, FatalError):
            self._on_fatal()


def _size(record: Record) -> int:
    return len(record.value or b"") + len(record.key) + sum(len(name) + len(value) for name, value in record.headers)
