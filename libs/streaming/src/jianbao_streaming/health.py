"""Health and metrics of a stage, served beside its loop from a thread of their own.

A process that was stopped (SIGSTOP) answers nothing, and one whose loop hangs answers 503: the supervisor kills both.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest

from jianbao_streaming.trouble import Trouble

log = logging.getLogger(__name__)

LONGEST_REQUEST_S = 10.0
"""A client that sends nothing for so long is let go; a probe takes milliseconds."""

LONGEST_SILENCE_S = 300.0
"""A loop that has not come round for so long hangs: far above any batch, below anybody's patience."""


class Liveness:
    """When the loop last came round, on a monotonic clock."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last = monotonic()

    def beat(self) -> None:
        """Note that the loop came round."""
        self._last = self._monotonic()

    def silence(self) -> float:
        """Return for how many seconds it has not."""
        return self._monotonic() - self._last


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - as the base class has it
        """Tell of an error of ours; a client that went away is none."""
        if not isinstance(sys.exception(), OSError):
            log.exception("a request for health or metrics failed")


class HealthServer:
    """Serves /health/live, /health/ready and /metrics on a local port until closed.

    /health/live tells what `trouble` is waited out; that is no reason to call a process dead.
    """

    def __init__(
        self,
        port: int,
        liveness: Liveness,
        ready: Callable[[], bool],
        registry: CollectorRegistry,
        host: str = "127.0.0.1",
        trouble: Trouble | None = None,
    ) -> None:
        def answer(path: str) -> tuple[int, str, bytes]:
            if path == "/metrics":
                return 200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(registry)
            if path == "/health/live":
                silent = liveness.silence()
                status = 200 if silent < LONGEST_SILENCE_S else 503
                last_error = trouble.last_error if trouble else None
                told = {"silent_s": round(silent, 1), "last_error": last_error}
                return status, "application/json", json.dumps(told, ensure_ascii=False).encode()
            if path == "/health/ready":
                is_ready = ready()
                return 200 if is_ready else 503, "application/json", json.dumps({"ready": is_ready}).encode()
            return 404, "text/plain", b"known: /health/live /health/ready /metrics\n"

        class Handler(BaseHTTPRequestHandler):
            timeout = LONGEST_REQUEST_S

            def do_GET(self) -> None:
                status, content_type, body = answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
                """Say nothing: a probe every second is no news."""

        self._server = _Server((host, port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it serves on."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
