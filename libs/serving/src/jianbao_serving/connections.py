"""All open connections, in the order in which they would be closed to make room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

from jianbao_serving.patience import Phase

T = TypeVar("T")

IDLE, UPLOADING, IN_HAND = range(3)
RANKS = {
    Phase.WAITING: IDLE,
    Phase.HEAD: IDLE,
    Phase.LETTING_GO: IDLE,
    Phase.BODY: UPLOADING,
    Phase.ANSWERING: IN_HAND,
}


class Connections(Generic[T]):
    """Each operation takes the same time, however many connections there are."""

    def __init__(self) -> None:
        self._ranks: tuple[OrderedDict[T, None], ...] = (OrderedDict(), OrderedDict(), OrderedDict())

    def __len__(self) -> int:
        return sum(map(len, self._ranks))

    def __iter__(self) -> Iterator[T]:
        return iter([one for rank in self._ranks for one in rank])

    def place(self, one: T, before: Phase, phase: Phase) -> None:
        """Put a connection where its phase belongs, as the one that moved last. `before` is the phase it was in."""
        self._ranks[RANKS[before]].pop(one, None)
        self._ranks[RANKS[phase]][one] = None

    def remove(self, one: T, phase: Phase) -> None:
        """Forget a connection, if it is known."""
        self._ranks[RANKS[phase]].pop(one, None)

    def longest_idle(self) -> T | None:
        """Return the connection that nothing came from for the longest time, or None.

        One whose body is on its way is named only when no other is left, and one whose request is in hand never.
        """
        for rank in self._ranks[:IN_HAND]:
            if rank:
                return next(iter(rank))
        return None
