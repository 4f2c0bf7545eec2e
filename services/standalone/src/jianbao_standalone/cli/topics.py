"""`jianbao topics`: what stands in the log, and who lags behind."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from rich.table import Table

from jianbao_standalone.cli.options import RECORDS, DataOption, JsonOption, open_data

app = typer.Typer(help="Topics of the log.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Topics of the log."""


@app.command()
def status(data: DataOption = Path("data"), as_json: JsonOption = False) -> None:
    """Show every topic's depth and how far each group lags behind it.

    Example:  jianbao topics status --data data
    """
    log = open_data(data).log
    groups = log.groups()
    table = Table("topic", "records", "offsets", "MiB", "newest", "lag")
    for topic in log.topics():
        lags = {group: waiting[topic.topic] for group, waiting in groups.items() if topic.topic in waiting}
        if as_json or not RECORDS.is_terminal:
            record = {
                "topic": topic.topic,
                "records": topic.records,
                "first": topic.first,
                "end": topic.end,
                "bytes": topic.size,
                "newest": topic.newest.isoformat() if topic.newest else None,
                "lag": lags,
            }
            typer.echo(json.dumps(record, ensure_ascii=False))
            continue
        table.add_row(
            topic.topic,
            str(topic.records),
            f"{topic.first}-{topic.end}",
            f"{topic.size / 2**20:.1f}",
            topic.newest.astimezone().strftime("%Y-%m-%d %H:%M:%S") if topic.newest else "",
            ", ".join(f"{group} {waiting}" for group, waiting in lags.items()),
        )
    if table.row_count:
        RECORDS.print(table)
