"""What the routes work with, built once by bootstrap and handed to each request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Annotated, ParamSpec, TypeVar, cast

from fastapi import Depends, Request

from jianbao_ingest.api.memory import MemoryBudget
from jianbao_ingest.domain.problems import refuse
from jianbao_ingest.intake import Intake
from jianbao_ingest.metrics import IngestMetrics
from jianbao_ingest.ports import Offices, Progress, ReceiptReader, SearchPage
from jianbao_ingest.quotas import Quotas
from jianbao_streaming import Clock

P = ParamSpec("P")
T = TypeVar("T")

LOOK_DEADLINE_S = 5.0
"""A look into the receipts takes less than a millisecond; a stuck disk must not hold the request for ever."""


@dataclass(frozen=True, slots=True)
class Resources:
    """`looking` is one thread: it owns the connections that receipts and progress read through."""

    intake: Intake
    offices: Offices
    receipts: ReceiptReader
    page: SearchPage
    quotas: Quotas
    progress: Progress
    looking: Executor
    clock: Clock
    metrics: IngestMetrics
    memory: MemoryBudget

    async def look(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask something that may block, away from the event loop. Raises ProblemError if there is no answer."""
        return await look(self.looking, question, *args, **kwargs)


async def look(executor: Executor, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask something that may block, in the executor's thread. Raises ProblemError if there is no answer."""
    try:
        async with asyncio.timeout(LOOK_DEADLINE_S):
            return await asyncio.get_running_loop().run_in_executor(executor, lambda: question(*args, **kwargs))
    except TimeoutError:
        raise refuse("receipts_behind") from None


def _given(request: Request) -> Resources:
    return cast("Resources", request.app.state.resources)


Given = Annotated[Resources, Depends(_given)]
