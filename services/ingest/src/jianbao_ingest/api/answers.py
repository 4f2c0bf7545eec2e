"""What is answered: acceptances and problem documents."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from jianbao_contracts import RawPush
from jianbao_ingest.api.bodies import ClientGoneError
from jianbao_ingest.domain.problems import Problem, ProblemError, problem
from jianbao_ingest.domain.receipts import receipt_path
from jianbao_ingest.metrics import IngestMetrics
from jianbao_serving.answers import of_routing, problem_response
from jianbao_streaming.in_hand import note_request
from jianbao_streaming.logs import summary

log = logging.getLogger(__name__)


def accepted(push: RawPush) -> dict[str, str]:
    """Return what a client is told of a push that the log holds."""
    return {"push_id": push.push_id, "bulletin_id": push.bulletin_id, "receipt": receipt_path(push.push_id)}


def accepted_response(push: RawPush) -> JSONResponse:
    """Return 202 with the place of the receipt."""
    return JSONResponse(accepted(push), status_code=202, headers={"Location": receipt_path(push.push_id)})


def answer_with_problems(app: FastAPI, metrics: IngestMetrics) -> None:
    """Turn every exception of a route into a problem document; what was not expected is logged, not shown."""

    def respond(told: Problem) -> Response:
        metrics.refused.labels(told.code).inc()
        return problem_response(told)

    async def refused(_: Request, error: Exception) -> Response:
        return respond(error.problem if isinstance(error, ProblemError) else problem("internal_error"))

    async def not_routed(request: Request, error: Exception) -> Response:
        return respond(of_routing(request, error) if isinstance(error, HTTPException) else problem("internal_error"))

    async def gone(_: Request, __: Exception) -> Response:
        return problem_response(problem("cut_short"))  # nobody reads it

    async def unexpected(request: Request, error: Exception) -> Response:
        note_request()
        log.error("%s %s failed: %s", request.method, request.url.path, summary(error))  # the server has the traceback
        return respond(problem("internal_error"))

    app.add_exception_handler(ProblemError, refused)
    app.add_exception_handler(HTTPException, not_routed)
    app.add_exception_handler(ClientGoneError, gone)
    app.add_exception_handler(Exception, unexpected)
