"""Which stages there are: one line each, read by whatever counts, lists or examines them."""

from __future__ import annotations

from dataclasses import dataclass

from jianbao_contracts import topics


@dataclass(frozen=True, slots=True)
class StageOfTheWay:
    """`name`: of its consumer group and its topics of dead letters and retries. `process`: what works for it.

    `sources`: what it reads besides its retries; a group that never ran has no lag on record.
    """

    name: str
    process: str
    sources: tuple[str, ...]

    @property
    def reads(self) -> tuple[str, ...]:
        """All topics that it reads."""
        return (*self.sources, topics.retries_of(self.name))


ALL = (
    StageOfTheWay("normalize", "normalize", (topics.RAW, topics.RAW_BACKFILL)),
    StageOfTheWay("extract", "extract", (topics.NORMALIZED,)),
    StageOfTheWay("search", "search-indexer", (topics.EXTRACTED,)),
    StageOfTheWay("receipts", "ingest-receipts", (topics.RAW, topics.RAW_BACKFILL, topics.STATUS)),
)
"""In the order of a bulletin's way; receipts is a reader that decides nothing of a push, and has dead letters too."""

NAMES = tuple(stage.name for stage in ALL)
