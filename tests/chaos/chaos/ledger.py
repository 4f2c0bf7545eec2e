"""What was acknowledged, and every answer that no client should get. All methods may be called by any thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from chaos.acts import Push
from chaos.observed import Acknowledged

MOST_ODD = 50
"""Odd answers kept: one is enough to fail, and some to see a pattern."""


class Ledger:
    """The oracle's own book of what was promised to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bulletins: dict[tuple[str, str], str] = {}
        self.acknowledged: list[Acknowledged] = []
        self.unanswered: list[Push] = []
        self.odd: list[str] = []

    def accepted(self, push: Push, answer: Mapping[str, object]) -> None:
        """Note a 202 and the ids that came with it."""
        one = Acknowledged(push, str(answer["push_id"]), str(answer["bulletin_id"]))
        with self._lock:
            self.acknowledged.append(one)
            self._bulletins.setdefault((push.office, push.document), one.bulletin_id)

    def gave_up(self, push: Push) -> None:
        """Note a push that got no answer in a long time."""
        with self._lock:
            self.unanswered.append(push)

    def surprised(self, told: str) -> None:
        """Note an answer that contracts do not allow."""
        with self._lock:
            if len(self.odd) < MOST_ODD:
                self.odd.append(told)

    def bulletin_of(self, push: Push) -> str | None:
        """Return the id of the push's bulletin, if an earlier push of it was answered."""
        with self._lock:
            return self._bulletins.get((push.office, push.document))
