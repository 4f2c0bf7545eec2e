"""What ingest needs from the world."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from jianbao_contracts import Receipt, State
from jianbao_ingest.domain.keys import Holder
from jianbao_ingest.domain.receipts import PushFacts, Word
from jianbao_streaming import Record


class Appender(Protocol):
    """Takes records into the log."""

    async def append(self, records: Sequence[Record]) -> None:
        """Return once the log holds all of them durably. Raises LogUnavailableError: unknown or not written."""


class Offices(Protocol):
    """Who may push, as the topic of offices says."""

    @property
    def ready(self) -> bool:
        """Whether the topic was read to its end at least once."""

    def holder_of(self, key: bytes, now: datetime) -> Holder | None:
        """Return who holds a key, as far as the topic was read."""

    def name_of(self, office: str) -> str | None:
        """Return what people call an office, or None for one that is not known."""

    async def caught_up(self) -> bool:
        """Wait until all that the topic holds now was read; False if that takes too long."""


class SearchPage(Protocol):
    """Where people read what became searchable."""

    def address(self) -> str | None:
        """Return the base address without a slash at its end, or None where it is not known. May block for a moment."""


class ReceiptReader(Protocol):
    """What is known of pushes. Calls may block for a moment."""

    def receipt(self, push_id: str) -> Receipt | None:
        """Return the receipt of a push, if its raw record was read."""

    def receipts(
        self,
        office: str,
        *,
        since: datetime | None,
        states: Collection[State],
        before: tuple[datetime, str] | None,
        most: int,
    ) -> list[Receipt]:
        """Return an office's receipts, latest push first, behind the place `before` (received_at, push_id)."""

    def pushed_since(self, office: str, since: datetime, most: int, push_ids: Sequence[str]) -> tuple[int, set[str]]:
        """Return how many publications an office pushed since a moment (counting to `most`), and which pushes are known."""

    def chosen(self, office: str, push_ids: Sequence[str]) -> list[Receipt]:
        """Return the receipts of these pushes in this order, without those that are not known or another office's."""

    def bulletin(self, bulletin_id: str, *, before: tuple[datetime, str] | None, most: int) -> list[Receipt]:
        """Return the receipts of a bulletin's pushes, latest first, behind the place `before`."""


class ReceiptWriter(Protocol):
    """Keeps what the topics say of pushes."""

    def record(self, pushes: Sequence[PushFacts], words: Sequence[Word]) -> None:
        """Keep all in one transaction; a second time changes nothing. Raises LogUnavailableError."""


class Progress(Protocol):
    """How far the receipts are. Calls may block for a moment."""

    def ends(self) -> dict[str, int]:
        """Return the end offsets of the raw topics now."""

    def reached(self, ends: dict[str, int]) -> bool:
        """Return whether every raw record before `ends` is in the receipts."""
