"""Names of offices, from the compacted topic that holds them."""

from __future__ import annotations

import logging

from jianbao_search.domain.office_names import UNNAMED, OfficeNames
from jianbao_streaming import Clock, Reader, TransientError
from jianbao_streaming.followed import FollowedOffices

log = logging.getLogger(__name__)


class FollowedNames:
    """See `jianbao_search.ports.Offices`. Safe for several threads."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._offices = FollowedOffices(reader, clock)
        self._seen: object = None
        self._names = UNNAMED

    def names(self) -> OfficeNames:
        """Return the names as of a second ago at the most; where the topic cannot be read, as they were known last."""
        try:
            self._offices.topic.catch_up()
        except TransientError as error:
            log.warning("the names of offices cannot be read now, ids are shown for new ones: %s", error)
        known = self._offices.known
        if known is not self._seen:
            self._names = OfficeNames.of({office.office: office.name for office in known.values()})
            self._seen = known
        return self._names

    def close(self) -> None:
        """Stop following."""
        self._offices.topic.close()
