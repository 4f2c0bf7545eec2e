"""The metrics that the ingest API counts; what they mean stands where they are declared."""

from __future__ import annotations

from collections.abc import Callable

from jianbao_streaming.metrics import declared, new_registry


class IngestMetrics:
    """The metrics over a registry of their own, so that several APIs can live in one process of tests."""

    def __init__(self) -> None:
        self.registry = new_registry()
        self.accepted = declared.INGEST_ACCEPTED.make(self.registry)
        self.refused = declared.INGEST_REFUSED.make(self.registry)
        self.payloads = declared.INGEST_PAYLOADS.make(self.registry)
        self.append_seconds = declared.INGEST_APPEND_SECONDS.make(self.registry)
        self.append_records = declared.INGEST_APPEND_RECORDS.make(self.registry)
        self._http_refused = declared.HTTP_REFUSED.make(self.registry)
        self._http_connections = declared.HTTP_CONNECTIONS.make(self.registry)

    def server_refused(self, code: str) -> None:
        """Count a request that the HTTP server ended by itself."""
        self._http_refused.labels(code).inc()

    def watch_connections(self, count: Callable[[], int]) -> None:
        """Tell from now on how many connections are open."""
        self._http_connections.set_function(count)
