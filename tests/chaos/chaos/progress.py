"""Pushes and faults keep step: a fault is due after so many pushes, and no push goes past one that is due."""

from __future__ import annotations

import threading
from collections.abc import Sequence


class Progress:
    """Counts answered pushes and faults done. All methods may be called by any thread."""

    def __init__(self, dues: Sequence[int] = ()) -> None:
        """`dues`: after how many pushes each fault is due, ascending."""
        self._dues = list(dues)
        self._changed = threading.Condition()
        self._pushes = 0
        self._struck = 0
        self._over = False

    @property
    def pushes(self) -> int:
        """How many pushes were answered."""
        return self._pushes

    def answered(self, many: int) -> None:
        """Note that so many pushes more were answered."""
        with self._changed:
            self._pushes += many
            self._changed.notify_all()

    def struck(self) -> None:
        """Note that the next fault was done."""
        with self._changed:
            self._struck += 1
            self._changed.notify_all()

    def end(self) -> None:
        """Note that no more pushes come."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def wait_for_turn(self) -> None:
        """Wait while a fault is due that was not done yet."""
        with self._changed:
            self._changed.wait_for(lambda: self._struck >= len(self._dues) or self._pushes < self._dues[self._struck])

    def wait_for_fault(self) -> None:
        """Wait until the next fault is due."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._pushes >= self._dues[self._struck])
