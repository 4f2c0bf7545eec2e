"""`jianbao topics`: what stands in the log, who lags behind, and what stands in the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape
from rich.table import Table

from jianbao_standalone.beijing import clock, utc
from jianbao_standalone.cli.options import RECORDS, DataOption, JsonOption, open_data

if TYPE_CHECKING:
    from jianbao_standalone.stage_states import StageState
    from jianbao_streaming import Lag, TopicState

app = typer.Typer(help="Topics of the log.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Topics of the log."""


@app.command()
def status(data: DataOption = Path("data"), as_json: JsonOption = False) -> None:
    """Show every topic's depth, how far each group lags behind it, and how each stage stands.

    A group's lag is told in records and in the seconds that the first of them has been waiting. Of a stage: whether its
    process runs, and its last error: what it waits out now or, if nothing, what its newest open dead letter tells.

    Example:  jianbao topics status --data data
    """
    from jianbao_standalone.stage_states import stage_states

    log, now = open_data(data).log, datetime.now(UTC)
    groups, states = log.groups(), log.topics()
    lags = {
        topic.topic: {group: waiting[topic.topic] for group, waiting in groups.items() if topic.topic in waiting}
        for topic in states
    }
    if as_json or not RECORDS.is_terminal:
        for topic in states:
            typer.echo(json.dumps(_topic_record(topic, lags[topic.topic], now), ensure_ascii=False))
        for stage in stage_states(log, data, now):
            typer.echo(json.dumps(stage.record(), ensure_ascii=False))
        return
    RECORDS.print(_topic_table(states, lags, now))
    RECORDS.print(_stage_table(list(stage_states(log, data, now))))


def _topic_record(topic: TopicState, lags: dict[str, Lag], now: datetime) -> dict[str, Any]:
    from jianbao_standalone.stage_states import waited_s

    return {
        "topic": topic.topic,
        "records": topic.records,
        "first": topic.first,
        "end": topic.end,
        "bytes": topic.size,
        "newest": utc(topic.newest) if topic.newest else None,
        "lag": {group: lag.records for group, lag in lags.items()},
        "lag_seconds": {group: waited_s([lag], now) for group, lag in lags.items()},
    }


def _topic_table(topics: Any, lags: dict[str, dict[str, Lag]], now: datetime) -> Table:  # noqa: ANN401 - of TopicState
    from jianbao_standalone.stage_states import waited_s

    table = Table("topic", "records", "offsets", "MiB", "newest (Beijing)", "lag")
    for topic in topics:
        table.add_row(
            topic.topic,
            str(topic.records),
            f"{topic.first}-{topic.end}",
            f"{topic.size / 2**20:.1f}",
            clock(topic.newest) if topic.newest else "",
            ", ".join(f"{group} {_lag(lag.records, waited_s([lag], now))}" for group, lag in lags[topic.topic].items()),
        )
    return table


def _stage_table(stages: list[StageState]) -> Table:
    table = Table("stage", "process", "state", "lag", "last error (Beijing)")
    for stage in stages:
        error = stage.last_error
        table.add_row(
            stage.stage,
            stage.process,
            stage.state if stage.state == "runs" else f"[red]{stage.state}[/red]",
            _lag(stage.lag_records, stage.lag_seconds),
            escape(f"{_clock(error.at)} {error.source}: {error.message[:200]}") if error else "",
        )
    return table


def _clock(at: str) -> str:
    return clock(datetime.fromisoformat(at)) if at else ""


def _lag(records: int, seconds: float | None) -> str:
    return "0" if not records else f"{records} (since {seconds:.0f} s)" if seconds is not None else str(records)
