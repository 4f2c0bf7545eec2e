"""A small application for tests of the server; run as a module it serves itself, with few descriptors if asked to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import sys
import time
from collections.abc import AsyncIterator
from threading import Event

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from jianbao_serving.answers import of_routing, problem_response
from jianbao_serving.docs_page import docs_page
from jianbao_serving.listening import listen
from jianbao_serving.problems import ProblemError
from jianbao_serving.server import Server

PATIENCE_S = 20.0
quick = APIRouter()
bodies = APIRouter()


@quick.get("/here", summary="取一样东西", tags=["试验"])
async def here(q: str = "") -> dict[str, str]:
    """取来即可。"""
    return {"here": q}


@quick.delete("/here")
async def delete() -> None:
    return None


@quick.get("/large")
async def large(size: int) -> Response:
    return Response(bytes(size))


@quick.get("/cpu")
async def cpu() -> float:
    """Processor time spent by this process, in seconds."""
    return time.process_time()


@quick.post("/hoard")
async def hoard(seconds: float) -> StreamingResponse:
    return StreamingResponse(hoarding(seconds))


async def hoarding(seconds: float) -> AsyncIterator[bytes]:
    """Take every descriptor there is, for some time."""
    held: list[int] = []
    with contextlib.suppress(OSError):
        while True:
            held.append(os.dup(0))
    yield b"hoarded"
    await asyncio.sleep(seconds)
    for descriptor in held:
        os.close(descriptor)


@bodies.post("/count")
async def count(request: Request) -> dict[str, int]:
    return {"bytes": len(await request.body())}


@bodies.post("/parts")
async def parts(request: Request) -> dict[str, str | list[str]]:
    """As a batch does: takes what came, and says so when the rest does not come."""
    taken: list[str] = []
    try:
        async for part in request.stream():
            taken += [part.decode()] if part else []
    except ProblemError as error:
        return {"taken": taken, "then": error.problem.code}
    return {"taken": taken}


@bodies.post("/refuse")
async def refuse() -> Response:
    return Response(b"too large", 413)


@bodies.post("/wait")
def wait(request: Request) -> dict[str, bool]:
    request.app.state.begun.set()
    return {"went_on": request.app.state.may_go_on.wait(PATIENCE_S)}


async def refused(_: Request, error: ProblemError) -> Response:
    return problem_response(error.problem)


async def gone(_: Request, __: ClientDisconnect) -> Response:
    return Response()


async def not_routed(request: Request, error: HTTPException) -> Response:
    return problem_response(of_routing(request, error))


def application(begun: Event, may_go_on: Event) -> FastAPI:
    app = FastAPI(title="试验接口", description="仅供试验。", docs_url=None, redoc_url=None)
    app.state.begun, app.state.may_go_on = begun, may_go_on
    for router in (quick, bodies, docs_page("curl {base}here")):
        app.include_router(router)
    for kind, handler in ((ProblemError, refused), (ClientDisconnect, gone), (HTTPException, not_routed)):
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]
    return app


def main(limit: int, hard: int) -> None:
    """Serve on a free port, told on standard output, with these limits of descriptors."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    listening = listen("127.0.0.1", 0, "JIANBAO_TEST_PORT")
    Server(application(Event(), Event()), lambda: print(listening.getsockname()[1], flush=True)).serve_until_stopped(
        listening
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
