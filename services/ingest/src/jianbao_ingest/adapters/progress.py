"""How far the receipts are behind the raw topics."""

from __future__ import annotations

from jianbao_contracts import topics
from jianbao_streaming import Log

RECEIPTS_GROUP = "receipts"
RAW_TOPICS = (topics.RAW, topics.RAW_BACKFILL)


class LogProgress:
    """See `jianbao_ingest.ports.Progress`."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def ends(self) -> dict[str, int]:
        """Return the end offsets of the raw topics now."""
        return {topic: self._log.end(topic) for topic in RAW_TOPICS}

    def reached(self, ends: dict[str, int]) -> bool:
        """Return whether the group of the receipts has committed past `ends`."""
        return all(self._log.committed(RECEIPTS_GROUP, topic) >= end for topic, end in ends.items())
