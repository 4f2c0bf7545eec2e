"""Problems as answers of an application."""

from __future__ import annotations

import json

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from jianbao_serving.problems import PROBLEM_JSON, Problem, server_problem

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def problem_response(told: Problem) -> Response:
    """Return a problem document (RFC 9457) as a response."""
    body = json.dumps(told.document(), ensure_ascii=False).encode(errors="replace")
    return Response(body, status_code=told.status, headers=told.all_headers(), media_type=PROBLEM_JSON)


def of_routing(request: Request, error: HTTPException) -> Problem:
    """Return the problem of a request that no route takes; of another error of the framework, that it is one."""
    path = request.url.path[:200]
    match error.status_code:
        case 404:
            return server_problem("unknown_path", path=path)
        case 405:
            allowed = ", ".join(_allowed(request))
            return server_problem("wrong_method", headers={"Allow": allowed}, path=path, method=request.method[:20])
        case _:
            return server_problem("bad_request", reason=str(error.detail)[:200])


def _allowed(request: Request) -> list[str]:
    """Return the methods of an address: of all its routes, where the framework names those of the first."""
    app: FastAPI = request.app
    found = [method for method in METHODS if any(_takes(route, request, method) for route in app.routes)]
    return [*found, "HEAD"] if "GET" in found else found


def _takes(route: BaseRoute, request: Request, method: str) -> bool:
    return route.matches({**request.scope, "method": method})[0] is Match.FULL
