"""Sends pushes over a few connections and follows their receipts.

Sending goes on in lanes, one thread each; pushes of one document id stay in one lane, and so in order. The receipts of
all pushes are asked for together, the oldest first: as many requests as there are hundreds of pushes on the way.
"""

from __future__ import annotations

import queue
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jianbao_contracts import Receipt
from jianbao_standalone.clients import CHOSEN_AT_ONCE, IngestClient, RefusedError, UnreachableError
from jianbao_standalone.pushing.rows import Row, accepted, refused, unreadable, with_receipt
from jianbao_streaming import Clock

LANES = 4
"""Connections that send at once: appends that arrive together share one fsync of ingest, and more gain little."""

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0
"""Between two looks at the receipts: quick while something changes, a second where nothing does."""

PATIENCE_S = 600.0
"""How long nothing may change before we stop waiting."""

Changed = Callable[[int, Row], None]
"""Is told of each row whose state changed, by its number."""

Sent = tuple[int, Row | UnreachableError]


@dataclass(slots=True)
class Courier:
    """One run over some pushes. `rows` tells at any time what is known, also after an exception."""

    rows: list[Row]
    clients: Mapping[str, IngestClient]
    clock: Clock
    changed: Changed
    again: bool = False
    lanes: int = LANES
    stopping: threading.Event = field(default_factory=threading.Event)
    _sent: queue.SimpleQueue[Sent | None] = field(default_factory=queue.SimpleQueue)
    _refused_keys: set[str] = field(default_factory=set)

    def run(self, *, wait: bool) -> bool:
        """Send everything, then, if asked to, wait until every push is final; return False where patience ended first.

        Raises UnreachableError. What was not sent then stays `unsent`.
        """
        lanes = [threading.Thread(target=self._send, args=(lane,), daemon=True) for lane in self._in_lanes()]
        for lane in lanes:
            lane.start()
        try:
            return self._follow(len(lanes), wait=wait)
        finally:
            self.stopping.set()

    def look_again(self) -> None:
        """Ask once more for every receipt: a later push may have superseded or withdrawn what was searchable."""
        for office in self.clients:
            self._look(office, [n for n, row in enumerate(self.rows) if row.item.office == office and row.push_id])

    def _in_lanes(self) -> list[list[int]]:
        lanes: list[list[int]] = [[] for _ in range(self.lanes)]
        for number, row in enumerate(self.rows):
            document = f"{row.item.office}/{row.item.document_id}"
            lanes[zlib.crc32(document.encode(errors="surrogatepass")) % self.lanes].append(number)
        return [lane for lane in lanes if lane]

    def _send(self, numbers: Sequence[int]) -> None:
        try:
            for number in numbers:
                row = self.rows[number]
                if self.stopping.is_set() or row.item.office in self._refused_keys:
                    continue
                self._sent.put((number, self._pushed(row)))
        except UnreachableError as error:
            self._sent.put((numbers[0], error))
        finally:
            self._sent.put(None)

    def _pushed(self, row: Row) -> Row:
        try:
            taken = self.clients[row.item.office].push(row.item, revert=self.again)
        except RefusedError as error:
            if error.concerns_the_key:
                self._refused_keys.add(row.item.office)
            return refused(row, error.problem)
        except OSError as error:
            return unreadable(row, error)
        return accepted(row, taken.push_id, taken.bulletin_id, self.clock.monotonic())

    def _follow(self, sending: int, *, wait: bool) -> bool:
        pause, changed_at = SHORTEST_PAUSE_S, self.clock.monotonic()
        pending: dict[int, None] = {}
        while sending or pending:
            done, sent = self._take_sent(pause)
            sending -= done
            pending.update(dict.fromkeys(sent if wait else ()))
            changed = self._look_at_oldest(pending) if pending else False
            now = self.clock.monotonic()
            if changed or sent:
                pause, changed_at = SHORTEST_PAUSE_S, now
            else:
                pause = min(pause * 1.5, LONGEST_PAUSE_S)
            if now - changed_at > PATIENCE_S and not sending:
                return False
        return True

    def _take_sent(self, pause: float) -> tuple[int, list[int]]:
        """Wait for something sent, at most `pause` seconds; return how many lanes ended, and what ingest took."""
        ended, taken = 0, []
        try:
            entry = self._sent.get(timeout=pause)
            while True:
                if entry is None:
                    ended += 1
                else:
                    number, outcome = entry
                    if isinstance(outcome, UnreachableError):
                        raise outcome
                    self._set(number, outcome)
                    if outcome.on_the_way:
                        taken.append(number)
                entry = self._sent.get_nowait()
        except queue.Empty:
            return ended, taken

    def _look_at_oldest(self, pending: dict[int, None]) -> bool:
        """Ask for the oldest pending receipts of each office; return whether anything changed."""
        oldest: dict[str, list[int]] = {}
        for number in pending:
            of_office = oldest.setdefault(self.rows[number].item.office, [])
            if len(of_office) < CHOSEN_AT_ONCE:
                of_office.append(number)
        changed = False
        for office, numbers in oldest.items():
            changed |= self._look(office, numbers)
            for number in numbers:
                if not self.rows[number].on_the_way:
                    del pending[number]
        return changed

    def _look(self, office: str, numbers: Sequence[int]) -> bool:
        changed = False
        for first in range(0, len(numbers), CHOSEN_AT_ONCE):
            some = numbers[first : first + CHOSEN_AT_ONCE]
            ids = list(dict.fromkeys(self.rows[number].push_id for number in some))
            known: dict[str, Receipt] = {one.push_id: one for one in self.clients[office].chosen(ids)}
            for number in some:
                row = self.rows[number]
                if row.push_id in known:
                    changed |= self._set(number, with_receipt(row, known[row.push_id]))
        return changed

    def _set(self, number: int, row: Row) -> bool:
        changed = self.rows[number].state != row.state
        self.rows[number] = row
        if changed:
            self.changed(number, row)
        return changed
