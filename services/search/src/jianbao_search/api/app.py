"""The application: routes, page, health, and what every request passes through."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import generate_latest
from starlette.exceptions import HTTPException

from jianbao_search import VERSION
from jianbao_search.answers import Answers
from jianbao_search.api.metrics import ApiMetrics
from jianbao_search.api.pages import pages, problem_page
from jianbao_search.api.problems import Problem, index_unavailable, not_found, problem_response, withdrawn
from jianbao_search.api.routes import routes
from jianbao_search.api.security import demand_key
from jianbao_search.domain.filters import InvalidQueryError
from jianbao_search.library import Library, UnknownError, WithdrawnError
from jianbao_search.ports import IndexUnavailableError, ReadableIndex

log = logging.getLogger(__name__)

MACHINE_PATHS = ("/v1/", "/health/", "/metrics", "/openapi.json")
"""Read by programs: errors there are problem documents; elsewhere they are pages."""


def create_app(index: ReadableIndex, answers: Answers, library: Library, reader_key: str | None) -> FastAPI:
    """Return the application."""
    app = FastAPI(title="简报检索 Jianbao Search", version=VERSION)
    metrics = ApiMetrics()
    app.include_router(routes(answers, library))
    app.include_router(pages(answers, library))
    _serve_health(app, index, metrics)
    _answer_errors(app)

    @app.middleware("http")
    async def pass_through(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        began = time.perf_counter()
        try:
            demand_key(request.url.path, request.headers.get("authorization", ""), reader_key)
            response = await go_on(request)
        except Problem as problem:
            response = _told(request, problem)
        except Exception:
            log.exception("a request failed: %s", request.url.path)
            response = _told(
                request, Problem(500, "internal_error", "系统出错，请稍后再试；若再次出现，请联系管理员。")
            )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        route = getattr(request.scope.get("route"), "path", "other")
        metrics.answered(route, response.status_code, time.perf_counter() - began)
        return response

    return app


def _told(request: Request, problem: Problem) -> Response:
    return problem_response(problem) if request.url.path.startswith(MACHINE_PATHS) else problem_page(problem)


def _answer_errors(app: FastAPI) -> None:
    def answer(kind: type[Exception], problem_of: Callable[[Exception], Problem]) -> None:
        app.add_exception_handler(kind, lambda request, error: _told(request, problem_of(error)))

    answer(Problem, lambda error: error if isinstance(error, Problem) else index_unavailable())
    answer(InvalidQueryError, _invalid)
    answer(IndexUnavailableError, lambda _: index_unavailable())
    answer(UnknownError, lambda _: not_found("这份简报、版本或文章"))
    answer(WithdrawnError, lambda _: withdrawn())
    answer(
        RequestValidationError, lambda _: Problem(400, "invalid_request", "请求参数有误，请对照接口说明（/docs）修改。")
    )
    answer(HTTPException, _of_framework)


def _invalid(error: Exception) -> Problem:
    parameter = error.parameter if isinstance(error, InvalidQueryError) else None
    return Problem(400, "invalid_query", str(error), parameter)


def _of_framework(error: Exception) -> Problem:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return not_found("这个地址")
    return Problem(
        status, "not_allowed" if status == 405 else "refused", "这个地址不支持该操作，请对照接口说明（/docs）。"
    )


def _serve_health(app: FastAPI, index: ReadableIndex, metrics: ApiMetrics) -> None:
    @app.get("/health/live", include_in_schema=False)
    def live() -> dict[str, bool]:
        return {"live": True}

    @app.get("/health/ready", include_in_schema=False)
    def ready() -> JSONResponse:
        try:
            index.snapshot()
        except IndexUnavailableError as error:
            log.info("not ready: %s", error)
            return JSONResponse({"ready": False, "reason": "index_unavailable"}, 503, headers={"Retry-After": "5"})
        return JSONResponse({"ready": True})

    @app.get("/metrics", include_in_schema=False)
    def exposition() -> Response:
        return Response(generate_latest(metrics.registry), media_type="text/plain; version=0.0.4; charset=utf-8")
