"""Health and metrics of a stage, served beside its loop from a thread of their own.

A process that was stopped (SIGSTOP) answers nothing, and one whose loop hangs answers 503: the supervisor kills both.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest

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


class HealthServer:
    """Serves /health/live, /health/ready and /metrics on a local port until closed."""

    def __init__(
        self,
        port: int,
        liveness: Liveness,
        ready: Callable[[], bool],
        registry: CollectorRegistry,
        host: str = "127.0.0.1",
    ) -> None:
        def answer(path: str) -> tuple[int, str, bytes]:
            if path == "/metrics":
                return 200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(registry)
            if path == "/health/live":
                silent = liveness.silence()
                status = 200 if silent < LONGEST_SILENCE_S else 503
                return status, "application/json", json.dumps({"silent_s": round(silent, 1)}).encode()
            if path == "/health/ready":
                is_ready = ready()
                return 200 if is_ready else 503, "application/json", json.dumps({"ready": is_ready}).encode()
            return 404, "text/plain", b"known: /health/live /health/ready /metrics\n"

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, content_type, body = answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
                """Say nothing: a probe every second is no news."""

        self._server = ThreadingHTTPServer((host, port), Handler)
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
