"""Taking pushes in: content too large for the log goes to the payload store first, then the log has the last word."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import uuid
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from jianbao_contracts import RawPush
from jianbao_ingest.domain.problems import refuse
from jianbao_ingest.domain.pushes import travels_inline, with_claim
from jianbao_ingest.metrics import IngestMetrics
from jianbao_ingest.ports import Appender
from jianbao_streaming import FatalError, Payloads, TransientError
from jianbao_streaming.events import raw_record
from jianbao_streaming.in_hand import note_request, trace_id_of
from jianbao_streaming.logs import summary
from jianbao_streaming.tracing import current_traceparent, note

log = logging.getLogger(__name__)

TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
"""https://www.w3.org/TR/trace-context/#traceparent-header, version 00."""

PAYLOAD_DEADLINE_S = 20.0
"""50 MiB on a slow disk take some seconds; a stuck one must not hold the request for ever."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The one place where pushes enter the log."""

    appender: Appender
    payloads: Payloads
    storing: Executor
    metrics: IngestMetrics

    async def take(self, pushes: Sequence[RawPush], traceparent: str | None) -> None:
        """Return once the log holds all pushes. Raises ProblemError if that is not certain."""
        trace = current_traceparent() or _valid(traceparent) or _new_trace()
        self._note(pushes, trace)
        try:
            stored = [await self._without_large_content(push) for push in pushes]
            records = [raw_record(push, event_id=str(uuid.uuid4()), traceparent=trace) for push in stored]
            await self.appender.append(records)
        except (TransientError, FatalError, TimeoutError) as error:
            log.warning("%d pushes were answered 503: %s", len(pushes), summary(error))
            raise refuse("log_unavailable") from None
        for push in pushes:
            self.metrics.accepted.labels(push.operation, push.lane).inc()

    @staticmethod
    def _note(pushes: Sequence[RawPush], trace: str) -> None:
        """Bind log lines and the span of this request to the push, or to how many there are."""
        ids = {"push_id": pushes[0].push_id, "bulletin_id": pushes[0].bulletin_id} if len(pushes) == 1 else {}
        note_request(**ids, trace_id=trace_id_of(trace) or "")
        note(**ids, pushes=len(pushes))

    async def _without_large_content(self, push: RawPush) -> RawPush:
        if push.content is None or travels_inline(push):
            return push
        self.metrics.payloads.inc()
        async with asyncio.timeout(PAYLOAD_DEADLINE_S):
            loop = asyncio.get_running_loop()
            return with_claim(push, await loop.run_in_executor(self.storing, self.payloads.put, push.content))


def _valid(traceparent: str | None) -> str | None:
    return traceparent if traceparent and TRACEPARENT.fullmatch(traceparent) else None


def _new_trace() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
