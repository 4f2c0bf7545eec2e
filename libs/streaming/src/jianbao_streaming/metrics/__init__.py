"""Every metric of every process is declared in `declared`; nobody else makes any."""

from jianbao_streaming.metrics.metric import Metric, new_registry
from jianbao_streaming.metrics.stage_metrics import StageMetrics

__all__ = ["Metric", "StageMetrics", "new_registry"]
