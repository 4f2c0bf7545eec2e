"""Every metric is declared in one place, told on one page, and really exposed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from running import Running

from jianbao_streaming.metrics import Metric, StageMetrics
from jianbao_streaming.metrics.declared import DECLARED
from jianbao_streaming.metrics.page import page

ROOT = Path(__file__).resolve().parents[2]
ONE_PLACE = ROOT / "libs" / "streaming" / "src" / "jianbao_streaming" / "metrics"
MAKES_METRICS = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}
UNITS_IN_NAMES = {"seconds", "bytes"}


def test_the_page_of_metrics_is_up_to_date() -> None:
    written = (ROOT / "docs" / "operators" / "metrics.md").read_text(encoding="utf-8")
    assert written == page(DECLARED), "python -m jianbao_streaming.metrics > docs/operators/metrics.md"


def imported_from_prometheus(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prometheus_client"):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ("*" for alias in node.names if alias.name.startswith("prometheus_client"))


def test_no_other_module_makes_metrics() -> None:
    sources = [*ROOT.glob("libs/*/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py")]
    elsewhere = [path for path in sources if ONE_PLACE not in path.parents]
    assert {
        str(path.relative_to(ROOT)): found
        for path in elsewhere
        if (found := (MAKES_METRICS | {"*"}) & set(imported_from_prometheus(path)))
    } == {}


def test_names_are_told_once_and_carry_their_unit() -> None:
    names = [metric.name for metric in DECLARED]
    assert len(names) == len(set(names))
    for metric in DECLARED:
        assert metric.name.startswith("jianbao_")
        assert metric.unit not in UNITS_IN_NAMES or metric.name.endswith(metric.unit), metric.name
        assert metric.tells.endswith(".")
        assert metric.act.endswith(".")


def exposed(jianbao: Running, process: str) -> dict[str, str]:
    answer = jianbao.http.get(f"{jianbao.url(process)}/metrics")
    return {family.name: family.documentation for family in text_string_to_metric_families(answer.text)}


@pytest.mark.parametrize("metric", DECLARED, ids=lambda metric: metric.name)
def test_each_metric_is_exposed_by_the_processes_it_names(metric: Metric[Any], jianbao: Running) -> None:
    for process in metric.processes:
        assert exposed(jianbao, process)[metric.name] == f"{metric.tells} {metric.act}"


def test_every_process_tells_of_its_memory_and_of_its_python(jianbao: Running) -> None:
    for process in {process for metric in DECLARED for process in metric.processes}:
        assert {"process_resident_memory_bytes", "process_start_time_seconds", "python_info"} <= set(
            exposed(jianbao, process)
        )


def test_two_stages_in_one_process_keep_their_metrics_apart() -> None:
    one, other = StageMetrics("normalize"), StageMetrics("normalize")
    one.emitted.inc()
    assert other.registry.get_sample_value("jianbao_records_total", {"stage": "normalize", "outcome": "emitted"}) == 0
