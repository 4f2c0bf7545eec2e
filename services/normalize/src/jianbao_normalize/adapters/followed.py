"""What normalize follows of compacted topics: the offices' policies, and the dead letters given up."""

from __future__ import annotations

from typing import get_args

from jianbao_contracts import DeadLetterAction, Stage
from jianbao_normalize.domain.clusters import Policy
from jianbao_streaming import Clock, Reader, StoredRecord
from jianbao_streaming.events import parse
from jianbao_streaming.followed import FollowedOffices, FollowedTopic


class OfficePolicies:
    """See `jianbao_normalize.ports.Offices`: the topic of offices."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._offices = FollowedOffices(reader, clock)

    def policy(self, office: str) -> Policy:
        """See the port."""
        self._offices.topic.catch_up()
        known = self._offices.known.get(office)
        return known.duplicates if known else "mark"


class FollowedDrops:
    """See `jianbao_normalize.ports.Drops`: the audit topic of dead letters, of all stages."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._dropped: set[str] = set()
        self._topic = FollowedTopic(reader, clock, self._take)

    def dropped(self, push_id: str) -> bool:
        """See the port."""
        self._topic.catch_up()
        return push_id in self._dropped

    def _take(self, record: StoredRecord) -> None:
        if record.value is None:
            return
        act = parse(record, DeadLetterAction)
        if act.push_id is None or act.stage not in get_args(Stage):
            return  # a reader's dead letter (receipts) is no state of the push that it is about
        if act.action == "drop":
            self._dropped.add(act.push_id)
        else:
            self._dropped.discard(act.push_id)
