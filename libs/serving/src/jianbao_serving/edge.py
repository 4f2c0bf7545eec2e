"""What every request passes before the application sees it (ASGI)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jianbao_serving.answers import problem_response
from jianbao_serving.problems import Problem, ProblemError, server_problem

log = logging.getLogger(__name__)

CLOSE = (b"connection", b"close")

BROKEN_OFF = "jianbao.broken_off"
"""Key of a scope under which the connection says with what problem a body ended before it was complete; reading it raises that
as a ProblemError, which the application answers."""


class Edge:
    """Answers HEAD as GET without a body, reads addresses as proxies write them, and lets no request go unanswered."""

    def __init__(self, app: ASGIApp, told: Callable[[str], None]) -> None:
        self._app = app
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        exchange = _Exchange(scope, receive, send)
        if scope["http_version"] not in ("1.0", "1.1"):
            await self._refuse(exchange, server_problem("unknown_version", version=scope["http_version"]))
            return
        try:
            await self._app(_as_origin(scope), exchange.receive, exchange.send)
        except asyncio.CancelledError:  # the grace of a stopping server is over; this task ends with it
            log.warning("%s %s was not finished before the stop", scope["method"], scope["path"][:200])
            await self._refuse(exchange, server_problem("stopping"))
        except Exception:
            if exchange.begun:
                raise
            log.exception("%s %s failed", scope["method"], scope["path"][:200])
            await self._refuse(exchange, server_problem("internal_error"))

    async def _refuse(self, exchange: _Exchange, told: Problem) -> None:
        if not exchange.begun:
            self._told(told.code)
            exchange.closes = True
            await problem_response(told)(exchange.scope, exchange.receive, exchange.send)


class _Exchange:
    """A request and its answer: notes whether each has begun."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send
        self.begun = False
        self._is_over = False
        """Whether the last of a body that was broken off was handed on."""
        self.closes = any(name == b"expect" for name, _ in scope["headers"])
        """Whether the connection ends with the answer. A client that waits for a word before it sends its body, and
        gets its answer instead, may send the body or not: what comes next on the connection cannot be known."""

    async def receive(self) -> Message:
        """Return what comes next. Raises ProblemError for a body that was broken off."""
        self.closes = False
        message: Message = {} if self._is_over else await self._receive()
        why = self.scope.get(BROKEN_OFF)
        if why is None or message.get("body"):
            self._is_over = why is not None
            return message
        self.closes = True
        raise ProblemError(why)

    async def send(self, message: Message) -> None:
        """Answer."""
        if message["type"] == "http.response.start":
            self.begun = True
            if self.closes:
                kept = [header for header in message.get("headers", ()) if header[0].lower() != CLOSE[0]]
                message = {**message, "headers": [*kept, CLOSE]}
        await self._send(message)


def _as_origin(scope: Scope) -> Scope:
    """Return the scope as applications know it: GET for HEAD (the server leaves the body out), and of an address in
    absolute form (RFC 9112, 3.2.2) its path."""
    path, method = scope["path"], "GET" if scope["method"] == "HEAD" else scope["method"]
    if not path.startswith(("http://", "https://")):
        return {**scope, "method": method}
    rest, raw = path.split("://", 1)[1], scope["raw_path"].split(b"://", 1)[1]
    return {
        **scope,
        "method": method,
        "path": "/" + rest.partition("/")[2],
        "raw_path": b"/" + raw.partition(b"/")[2],
    }
