"""The embedded index as this process owns it: checked before use, and made anew from the log where it cannot be used."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from jianbao_contracts.topics import EXTRACTED
from jianbao_search.adapters import progress
from jianbao_search.adapters.folder import (
    DamagedIndexError,
    check,
    finish,
    is_whole,
    only_writer,
    seems_sound,
    swap,
)
from jianbao_search.adapters.tantivy_index import TantivyIndex, create, open_writer
from jianbao_search.domain.documents import Document
from jianbao_search.domain.head import Head
from jianbao_search.handler import IndexHandler
from jianbao_search.ports import Revisions
from jianbao_search.unhandled import unhandled_offsets
from jianbao_streaming.claim_check import check_out
from jianbao_streaming.engine import Engine
from jianbao_streaming.outcomes import InvalidEvent, TransientError
from jianbao_streaming.records import StoredRecord

log = logging.getLogger(__name__)

BATCH = 200
"""Records a commit while rebuilding: as many as the handler loop hands over at once."""

LINE_EVERY_S = 5.0
"""Seconds between two lines on progress."""


@dataclass(slots=True)
class OwnedIndex:
    """See `jianbao_search.ports.Index`. Opens on first use, because a stage that stands by must not hold the index.

    `still_wanted` is called after every batch of a rebuild: it shows that the process is alive, and ends the rebuild by
    an exception when the process is asked to stop.
    """

    folder: Path
    engine: Engine
    revisions: Revisions
    now: Callable[[], datetime]
    still_wanted: Callable[[], None] = lambda: None
    monotonic: Callable[[], float] = time.monotonic
    _open: TantivyIndex | None = None
    _lock: AbstractContextManager[bool] | None = field(default=None)

    def prepare(self) -> None:
        """Rebuild the index now if it needs it and nobody else has it; so it is there before the first record comes."""
        try:
            self._ready()
        except TransientError as error:
            log.info("the index is left as it is for now: %s", error)
        finally:
            self.close()

    def mend(self) -> None:
        """Make the index anew if its files were taken away or cut short; searches need it though no record comes.

        Raises TransientError.
        """
        if not seems_sound(self.folder):
            self.close()
            self._ready()

    def heads(self, bulletin_ids: Iterable[str]) -> Mapping[str, Head]:
        """Return the committed heads of those bulletins that have one. Raises TransientError."""
        return self._ready().heads(bulletin_ids)

    def write(self, documents: Mapping[str, Sequence[Document]]) -> None:
        """Replace the documents of these bulletins in one durable commit. Raises TransientError."""
        index = self._ready()
        try:
            index.write(documents)
        except TransientError:
            self.close()
            raise

    def close(self) -> None:
        """Let another writer in."""
        opened, self._open = self._open, None
        lock, self._lock = self._lock, None
        try:
            if opened is not None:
                opened.close()
        finally:
            if lock is not None:
                lock.__exit__(None, None, None)

    def _ready(self) -> TantivyIndex:
        if self._open is not None and is_whole(self.folder):
            return self._open
        self.close()
        lock = only_writer(self.folder)
        if not lock.__enter__():
            lock.__exit__(None, None, None)
            raise TransientError("another process is writing the index")
        self._lock = lock
        try:
            self._open = self._checked()
        except BaseException:
            self.close()
            raise
        return self._open

    def _checked(self) -> TantivyIndex:
        try:
            check(self.folder)
        except DamagedIndexError as error:
            log.warning("the search index is rebuilt from the log: %s", error)
            self._rebuild()
        try:
            return open_writer(self.folder)
        except DamagedIndexError as error:
            raise TransientError(f"the index cannot be opened: {error}") from error

    def _rebuild(self) -> None:
        new = self.folder.with_name(f"{self.folder.name}.new")
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(parents=True)
            filled = create(new)
            try:
                self._fill(IndexHandler(filled, self.revisions, self.now))
            finally:
                filled.close()
            finish(new)
            swap(new, self.folder)
        except (OSError, DamagedIndexError) as error:
            raise TransientError(f"the index could not be rebuilt: {error}") from error
        finally:
            shutil.rmtree(new, ignore_errors=True)  # on a full disk half an index is in the way of a whole one
            with suppress(OSError):
                progress.end(self.folder)

    def _fill(self, handler: IndexHandler) -> None:
        """Hand every record that is in the log now to a handler; what it says of them was said before, or will be."""
        end = self.engine.log.end(EXTRACTED)
        unhandled = unhandled_offsets(self.engine.log)
        began = told = self.monotonic()
        done = 0
        reader = self.engine.log.reader([EXTRACTED])
        try:
            while batch := reader.poll(BATCH, 0.0):
                wanted = (self._complete(record) for record in batch if record.offset not in unhandled)
                handler([record for record in wanted if record is not None])
                done += len(batch)
                self.still_wanted()
                now = self.monotonic()
                rate = done / max(now - began, 0.001)
                progress.tell(self.folder, progress.Progress(done, end, max(end - done, 0) / rate))
                if now - told >= LINE_EVERY_S:
                    told = now
                    log.info("index rebuild: %d records of about %d, %.0f a second", done, end, rate)
                if batch[-1].offset + 1 >= end:
                    break
        finally:
            reader.close()
        log.info("index rebuild: done, %d records in %.1f s", done, self.monotonic() - began)

    def _complete(self, record: StoredRecord) -> StoredRecord | None:
        try:
            return check_out(record, self.engine.payloads)
        except InvalidEvent as error:
            log.warning("index rebuild: %s/%d left out: %s", record.topic, record.offset, error)
            return None
