"""How far a member is in each partition: what was handed out, what was committed, where the end was seen.

Pure bookkeeping. Offsets of a topic that is written in transactions have gaps (a marker a transaction), so a lag is only
0 where the end of the partition was really seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from confluent_kafka import TopicPartition

from jianbao_streaming.records import StoredRecord

Place = tuple[str, int]
"""Topic and partition."""


@dataclass(slots=True)
class _Partition:
    committed: int
    handed_out: int
    end_seen: int = -1
    paused: bool = False


class Progress:
    """`topics` in order of urgency. Patient topics wait, at first, until all urgent partitions were read to their end."""

    def __init__(self, topics: Sequence[str]) -> None:
        self._urgent = topics[0] if len(topics) > 1 else None
        self._partitions: dict[Place, _Partition] = {}

    @property
    def active(self) -> bool:
        """Whether any partition is assigned."""
        return bool(self._partitions)

    def places(self) -> list[Place]:
        """Return what is assigned."""
        return list(self._partitions)

    def assigned(self, starts: Iterable[tuple[str, int, int]]) -> list[Place]:
        """Note partitions (topic, partition, next offset) that came; return those to be paused for now."""
        for topic, partition, start in starts:
            waits = self._urgent is not None and topic != self._urgent
            self._partitions[topic, partition] = _Partition(start, start, paused=waits)
        return [place for place, one in self._partitions.items() if one.paused]

    def revoked(self, places: Iterable[Place]) -> None:
        """Note partitions that left."""
        for place in places:
            self._partitions.pop(place, None)

    def handed_out(self, records: Iterable[StoredRecord]) -> None:
        """Note records that the handler got."""
        for record in records:
            if one := self._partitions.get((record.topic, record.partition)):
                one.handed_out = record.offset + 1

    def reached_end(self, topic: str | None, partition: int | None, offset: int | None) -> None:
        """Note that a partition was read to its end, which is at `offset`."""
        if (one := self._partitions.get((topic or "", partition or 0))) is not None:
            one.end_seen = offset or 0

    def patient_ones_may_come(self) -> list[Place]:
        """Return partitions to be resumed: none until every urgent one was read to its end."""
        if any(one.end_seen < 0 for (topic, _), one in self._partitions.items() if topic == self._urgent):
            return []
        waiting = [place for place, one in self._partitions.items() if one.paused]
        for place in waiting:
            self._partitions[place].paused = False
        return waiting

    def behind(self, consumed: Iterable[StoredRecord]) -> dict[Place, int]:
        """Return the offset behind the last consumed record of each partition."""
        offsets: dict[Place, int] = {}
        for record in consumed:
            place = (record.topic, record.partition)
            offsets[place] = max(offsets.get(place, 0), record.offset + 1)
        return offsets

    def ends_to_commit(self) -> dict[Place, int]:
        """Return ends beyond the committed offsets, of partitions where all that was handed out is committed."""
        return {
            place: one.end_seen
            for place, one in self._partitions.items()
            if one.committed == one.handed_out and one.end_seen > one.committed
        }

    def committed(self, offsets: Iterable[TopicPartition]) -> None:
        """Note what was committed."""
        for one in offsets:
            if known := self._partitions.get((one.topic, one.partition)):
                known.committed = one.offset
                known.handed_out = max(known.handed_out, one.offset)

    def moved(self, place: Place, start: int) -> None:
        """Note that a partition is read again from `start`."""
        if known := self._partitions.get(place):
            known.committed = known.handed_out = start
            known.end_seen = -1

    def lag(self, ends: Mapping[Place, int]) -> int:
        """Return how many offsets lie between committed and end, over all partitions; `ends` below 0 are not known."""
        return sum(self._lag(one, ends.get(place, -1)) for place, one in self._partitions.items())

    @staticmethod
    def _lag(one: _Partition, end: int) -> int:
        all_done = one.committed == one.handed_out
        done = max(one.committed, one.end_seen) if all_done else one.committed
        return max(0, max(end, one.end_seen) - done)
