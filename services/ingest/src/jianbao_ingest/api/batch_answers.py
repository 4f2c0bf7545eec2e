"""The answers to a batch, item by item, and the appends behind them."""

from __future__ import annotations

from jianbao_contracts import RawPush
from jianbao_ingest.api.answers import accepted
from jianbao_ingest.domain.problems import Problem, ProblemError
from jianbao_ingest.intake import Intake
from jianbao_ingest.metrics import IngestMetrics

MOST_WAITING = 200
MOST_WAITING_BYTES = 8 * 1024 * 1024
"""Of pushes that one append takes: many share a sync, and a long batch holds no more than this in memory."""


class BatchAnswers:
    """Gathers pushes and appends them some at a time; every item has its answer in the order it came."""

    def __init__(self, intake: Intake, metrics: IngestMetrics, traceparent: str | None) -> None:
        self._intake = intake
        self._metrics = metrics
        self._traceparent = traceparent
        self._answers: list[dict[str, str] | Problem] = []
        self._waiting: list[tuple[int, RawPush]] = []
        self._complete = True
        self.waiting_bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    async def add(self, push: RawPush) -> None:
        """Take one push in, with those that wait once there are enough."""
        self._waiting.append((len(self._answers), push))
        self._answers.append(accepted(push))
        self.waiting_bytes += len(push.content or b"")
        if len(self._waiting) >= MOST_WAITING or self.waiting_bytes >= MOST_WAITING_BYTES:
            await self.settle()

    def refuse(self, problem: Problem) -> None:
        """Answer the next item with a problem."""
        self._metrics.refused.labels(problem.code).inc()
        self._answers.append(problem)

    def stop(self, problem: Problem) -> None:
        """Answer the next item with a problem that keeps all behind it from being read."""
        self.refuse(problem)
        self._complete = False

    async def settle(self) -> None:
        """Append what waits; if the log does not take it, each of these items says so."""
        waiting, self._waiting, self.waiting_bytes = self._waiting, [], 0
        if not waiting:
            return
        try:
            await self._intake.take([push for _, push in waiting], self._traceparent)
        except ProblemError as error:
            self._metrics.refused.labels(error.problem.code).inc(len(waiting))
            for place, _ in waiting:
                self._answers[place] = error.problem

    def document(self) -> dict[str, object]:
        """Return the body of the 207 answer. Not `complete`: nothing from the last item on was read."""
        items = [_item(index, answer) for index, answer in enumerate(self._answers)]
        taken = sum(item["problem"] is None for item in items)
        return {"items": items, "accepted": taken, "refused": len(items) - taken, "complete": self._complete}


def _item(index: int, answer: dict[str, str] | Problem) -> dict[str, object]:
    if isinstance(answer, Problem):
        nothing = {"push_id": None, "bulletin_id": None, "receipt": None}
        return {"index": index, "status": answer.status, **nothing, "problem": answer.document()}
    return {"index": index, "status": 202, **answer, "problem": None}
