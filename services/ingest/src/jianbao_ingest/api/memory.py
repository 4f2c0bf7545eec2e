"""A budget for request bodies in memory: many large uploads at once are told to come again, not left to swap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jianbao_ingest.domain.problems import refuse

MOST_BYTES = 256 * 1024 * 1024
"""Of all bodies in hand: five of the largest. A body is held up to three times over (pieces, whole, base64)."""


class Lease:
    """One request's part of the budget."""

    def __init__(self, budget: MemoryBudget) -> None:
        self._budget = budget
        self._held = 0

    def hold(self, size: int) -> None:
        """Hold `size` bytes from now on, be it more or less than before. Raises ProblemError if there is no room."""
        self._budget.change(size - self._held)
        self._held = size


class MemoryBudget:
    """Counts what all requests hold; used from the event loop only."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._held = 0

    def change(self, size: int) -> None:
        """Hold `size` bytes more, or less if negative. Raises ProblemError if there is no room for more."""
        if size > 0 and self._held + size > self._most_bytes:
            raise refuse("overloaded")
        self._held += size

    @contextmanager
    def lease(self) -> Iterator[Lease]:
        """Return a lease that is given back at the end of the block."""
        lease = Lease(self)
        try:
            yield lease
        finally:
            lease.hold(0)
