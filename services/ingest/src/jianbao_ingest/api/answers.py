"""What is answered: acceptances and problem documents."""

from __future__ import annotations

import json
import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from jianbao_contracts import RawPush
from jianbao_ingest.api.bodies import ClientGoneError
from jianbao_ingest.domain.problems import Problem, ProblemError, problem
from jianbao_ingest.domain.receipts import receipt_path
from jianbao_ingest.metrics import IngestMetrics

log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"


def accepted(push: RawPush) -> dict[str, str]:
    """Return what a client is told of a push that the log holds."""
    return {"push_id": push.push_id, "bulletin_id": push.bulletin_id, "receipt": receipt_path(push.push_id)}


def accepted_response(push: RawPush) -> JSONResponse:
    """Return 202 with the place of the receipt."""
    return JSONResponse(accepted(push), status_code=202, headers={"Location": receipt_path(push.push_id)})


def problem_response(told: Problem) -> Response:
    """Return a problem document (RFC 9457) as a response."""
    headers = dict(told.headers)
    if told.retry_after is not None:
        headers["Retry-After"] = str(told.retry_after)
    body = json.dumps(told.document(), ensure_ascii=False).encode(errors="replace")
    return Response(body, status_code=told.status, headers=headers, media_type=PROBLEM_JSON)


def answer_with_problems(app: FastAPI, metrics: IngestMetrics) -> None:
    """Turn every exception of a route into a problem document; what was not expected is logged, not shown."""

    def respond(told: Problem) -> Response:
        metrics.refused.labels(told.code).inc()
        return problem_response(told)

    async def refused(_: Request, error: Exception) -> Response:
        return respond(error.problem if isinstance(error, ProblemError) else problem("internal_error"))

    async def not_routed(request: Request, error: Exception) -> Response:
        path = request.url.path[:200]
        match error.status_code if isinstance(error, HTTPException) else 500:
            case 404:
                return respond(problem("unknown_path", path=path))
            case 405:
                return respond(problem("wrong_method", path=path, method=request.method[:20]))
            case _:
                return respond(problem("bad_request"))

    async def gone(_: Request, __: Exception) -> Response:
        return respond(problem("slow_body"))

    async def unexpected(request: Request, error: Exception) -> Response:
        log.error("%s %s failed: %r", request.method, request.url.path, error)  # the server logs the traceback
        return respond(problem("internal_error"))

    app.add_exception_handler(ProblemError, refused)
    app.add_exception_handler(HTTPException, not_routed)
    app.add_exception_handler(ClientGoneError, gone)
    app.add_exception_handler(Exception, unexpected)
