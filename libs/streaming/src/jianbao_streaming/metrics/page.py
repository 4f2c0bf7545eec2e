"""The page of all metrics, made from their declarations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jianbao_streaming.metrics.metric import Metric

HEAD = """# Metrics

Every process answers `/metrics` in the text format of Prometheus, on the address that it writes to
`DATA/run/<process>.json`. This page is made from the declarations in
`libs/streaming/src/jianbao_streaming/metrics/declared.py`; do not edit it:

    python -m jianbao_streaming.metrics > docs/operators/metrics.md

Besides those below, each process exposes what prometheus-client knows of it: `process_resident_memory_bytes`,
`process_cpu_seconds_total`, `process_open_fds`, `process_start_time_seconds` (Linux) and `python_info`.
"""


def page(metrics: Sequence[Metric[Any]]) -> str:
    """Return the page as Markdown: a section for every set of processes, a table row a metric."""
    return HEAD + "".join(f"{line}\n" for line in _sections(metrics))


def _sections(metrics: Sequence[Metric[Any]]) -> Iterator[str]:
    for processes in dict.fromkeys(tuple(metric.processes) for metric in metrics):
        yield f"\n## {', '.join(processes)}\n"
        yield "| metric | kind, unit | labels | what it tells | what to do when it moves |"
        yield "|---|---|---|---|---|"
        for metric in metrics:
            if tuple(metric.processes) == processes:
                labels = ", ".join(f"`{label}`" for label in metric.labels)
                kind = f"{metric.kind.__name__.lower()}, {metric.unit}"
                yield f"| `{metric.exposed}` | {kind} | {labels} | {metric.tells} | {metric.act} |"
