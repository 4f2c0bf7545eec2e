"""What FastAPI tells of requests: a span for each, once the process has started traces; nothing else, and no probes."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from fastapi.telemetry import TelemetryConfig


def is_probe(scope: MutableMapping[str, Any]) -> bool:
    """Return whether a request comes from a supervisor or from whoever collects metrics, every second."""
    return str(scope.get("path", "")).startswith(("/health/", "/metrics"))


TELEMETRY: TelemetryConfig = {
    "tracing": True,
    "operation_spans": False,  # a span for every dependency and endpoint tells nothing that the request's does not
    "metrics": False,  # ours are declared in jianbao_streaming.metrics
    "logs": False,  # would carry the words of exceptions, which may quote a bulletin
    "auto_configure": False,  # traces are started by JIANBAO_TRACES alone
    "exclude": is_probe,
}
