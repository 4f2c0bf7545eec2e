"""Isolation of records that kill their process: what no exception handler sees (segfault, out of memory).

Before a batch is handled its beginning is noted where it survives the process. A batch that was begun three times and
never ended is handled record by record, each with a count of its own; the record that has then killed three more
processes is not handled again. Alone, a killer can be told from its neighbours.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jianbao_streaming.ports import Attempts, Claim
from jianbao_streaming.records import StoredRecord

log = logging.getLogger(__name__)

MOST_DEATHS = 3


@dataclass(frozen=True, slots=True)
class Portion:
    """Records to be handled together; `deaths` tells how many processes died of them, known only for one alone."""

    records: Sequence[StoredRecord]
    deaths: int = 0

    @property
    def kills(self) -> bool:
        """Whether handling it once more would only kill one more process."""
        return self.deaths >= MOST_DEATHS


def portions(group: str, batch: Sequence[StoredRecord], attempts: Attempts) -> Iterator[Portion]:
    """Yield the batch as a whole or, where processes died of it, record by record. Each must be ended before the next."""
    begun = {claim: attempts.begin(group, claim) for claim in claims_of(batch)}
    alone = any(attempt.alone_through >= claim.first for claim, attempt in begun.items())
    for claim, attempt in begun.items():
        if attempt.alone_through < claim.first and attempt.deaths >= MOST_DEATHS:
            log.warning("%s: %d processes died of %s; its records are now handled alone", group, attempt.deaths, claim)
            attempts.isolate(group, claim)
            alone = True
    if not alone:
        yield Portion(batch)
        return
    attempts.clear(group, list(begun))  # what waits behind a killer is not in hand, and must not count its deaths
    for record in batch:
        yield Portion([record], attempts.begin(group, claims_of([record])[0]).deaths)


def claims_of(batch: Sequence[StoredRecord]) -> list[Claim]:
    """Return the stretch of offsets that a batch holds of each partition."""
    stretches: dict[tuple[str, int], tuple[int, int]] = {}
    for record in batch:
        place = (record.topic, record.partition)
        first, last = stretches.get(place, (record.offset, record.offset))
        stretches[place] = (min(first, record.offset), max(last, record.offset))
    return [Claim(topic, partition, first, last) for (topic, partition), (first, last) in stretches.items()]
