"""The application: routes, page, health, and what every request passes through."""

from __future__ import annotations

import logging
import re
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
from jianbao_search.api.problems import Problem, ProblemError, index_unavailable, problem
from jianbao_search.api.routes import routes
from jianbao_search.api.security import demand_key
from jianbao_search.domain.filters import InvalidQueryError
from jianbao_search.library import Library, UnknownError, WithdrawnError
from jianbao_search.ports import IndexUnavailableError, NamelessOffices, Offices, ReadableIndex
from jianbao_serving.answers import of_routing, problem_response
from jianbao_serving.docs_page import docs_page
from jianbao_serving.telemetry import TELEMETRY
from jianbao_streaming.in_hand import note_request

log = logging.getLogger(__name__)

MACHINE_PATHS = ("/v1/", "/health/", "/metrics", "/openapi.json")
"""Read by programs: errors there are problem documents."""

PAGES = re.compile(r"/(bulletins/.*)?")
"""Read by people: errors there are pages. Elsewhere it depends on who asks."""

EXAMPLE = """curl -G "{base}v1/search" --data-urlencode "q=志愿服务" --data-urlencode "region=湖北"
curl "{base}v1/bulletins/简报编号"
"""


def create_app(
    index: ReadableIndex,
    answers: Answers,
    library: Library,
    reader_key: str | None,
    metrics: ApiMetrics | None = None,
    offices: Offices | None = None,
) -> FastAPI:
    """Return the application. Without `offices` their ids are shown."""
    app = FastAPI(
        title="简报检索接口",
        version=VERSION,
        description="检索简报，读取简报、版本和文章。出错时答复 application/problem+json（RFC 9457）。",
        docs_url=None,  # its page loads scripts from another server
        redoc_url=None,
        redirect_slashes=False,
        telemetry=TELEMETRY,
    )
    metrics = metrics or ApiMetrics()
    offices = offices or NamelessOffices()
    app.include_router(routes(answers, library, offices))
    app.include_router(pages(answers, library, offices))
    app.include_router(docs_page(EXAMPLE))
    _serve_health(app, index, metrics)
    _answer_errors(app)

    @app.middleware("http")
    async def pass_through(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        began = time.perf_counter()
        note_request()
        try:
            demand_key(request.url.path, request.headers.get("authorization", ""), reader_key)
            response = await go_on(request)
        except ProblemError as error:
            response = _told(request, error.problem)
        except Exception:
            log.exception("a request failed: %s", request.url.path)
            response = _told(request, problem("internal_error"))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        route = getattr(request.scope.get("route"), "path", "other")
        metrics.answered(route, response.status_code, time.perf_counter() - began)
        return response

    return app


def _told(request: Request, told: Problem) -> Response:
    path = request.url.path
    by_a_browser = "text/html" in request.headers.get("accept", "")
    if path.startswith(MACHINE_PATHS) or not (by_a_browser or PAGES.fullmatch(path)):
        return problem_response(told)
    return problem_page(told)


def _answer_errors(app: FastAPI) -> None:
    def answer(kind: type[Exception], problem_of: Callable[[Exception], Problem]) -> None:
        app.add_exception_handler(kind, lambda request, error: _told(request, problem_of(error)))

    answer(InvalidQueryError, _invalid)
    answer(IndexUnavailableError, lambda error: index_unavailable(getattr(error, "left_s", None)))
    answer(UnknownError, lambda _: problem("not_found", what="这份简报、版本或文章"))
    answer(WithdrawnError, lambda _: problem("withdrawn"))
    answer(RequestValidationError, lambda _: problem("invalid_request"))

    @app.exception_handler(ProblemError)
    async def refused(request: Request, error: ProblemError) -> Response:
        return _told(request, error.problem)

    @app.exception_handler(HTTPException)
    async def not_routed(request: Request, error: HTTPException) -> Response:
        return _told(request, of_routing(request, error))


def _invalid(error: Exception) -> Problem:
    parameter = error.parameter if isinstance(error, InvalidQueryError) else None
    return problem("invalid_query", parameter=parameter, reason=str(error))


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
