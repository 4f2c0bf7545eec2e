"""The metrics that the search API counts; what they mean stands where they are declared."""

from __future__ import annotations

from collections.abc import Callable

from jianbao_streaming.metrics import declared, new_registry


class ApiMetrics:
    """Metrics of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = new_registry()
        self._requests = declared.SEARCH_REQUESTS.make(self.registry)
        self._seconds = declared.SEARCH_SECONDS.make(self.registry)
        self._http_refused = declared.HTTP_REFUSED.make(self.registry)
        self._http_connections = declared.HTTP_CONNECTIONS.make(self.registry)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one answer. `route` is a template of an address, never the address itself."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def server_refused(self, code: str) -> None:
        """Count a request that the HTTP server ended by itself."""
        self._http_refused.labels(code).inc()

    def watch_connections(self, count: Callable[[], int]) -> None:
        """Tell from now on how many connections are open."""
        self._http_connections.set_function(count)
