"""How a push run is shown: a live table on a terminal, a line a change of state elsewhere, or JSON records."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from jianbao_contracts import Receipt
from jianbao_standalone.pushing.rows import STATE_NAMES, Row, summary
from jianbao_streaming import Clock

ROOM = 6
"""Lines of a terminal that the table leaves free: its own frame, and the summary."""


class Shown(Protocol):
    """Shows a run as it goes on; a context manager around it."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End, also after an exception."""

    def changed(self, number: int, row: Row) -> None:
        """Show that a row changed its state."""


class Nothing:
    """Shows nothing while a run goes on."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def changed(self, number: int, row: Row) -> None:
        """Show nothing."""


class Lines(Nothing):
    """One line a change of state, columns separated by tabs: see `line`."""

    def changed(self, number: int, row: Row) -> None:  # noqa: ARG002 - the protocol's signature
        """Print the row as it is now."""
        typer.echo(line(row))


def line(row: Row) -> str:
    """Return state, office, document id, push id, bulletin id, seconds, code and words; empty where not known."""
    seconds = "" if row.seconds is None else f"{row.seconds:.2f}"
    columns = (row.state, row.item.office, row.item.document_id, row.push_id, row.bulletin_id, seconds, row.code)
    return "\t".join(" ".join(column.split()) for column in (*columns, row.why))


class LiveTable:
    """A table that follows the run; what does not fit on the terminal is left out until the end."""

    def __init__(self, console: Console, rows: Sequence[Row], clock: Clock) -> None:
        self._rows = rows
        self._clock = clock
        self._console = console
        self._live = Live(console=console, refresh_per_second=4, transient=True, get_renderable=self._now)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._live.__exit__(kind, error, at)

    def changed(self, number: int, row: Row) -> None:
        """Nothing to do: the table is drawn anew four times a second."""

    def _now(self) -> Table:
        rows = list(self._rows)
        room = max(self._console.size.height - ROOM, 3)
        if len(rows) > room:
            waiting = [row for row in rows if row.on_the_way]
            done = [row for row in rows if row.state != "unsent" and not row.on_the_way]
            rows = [*done[-max(room - len(waiting), 2) :], *waiting][:room]
        return table(rows, self._clock.monotonic(), caption=summary(list(self._rows)))


def table(rows: Sequence[Row], now: float, caption: str | None = None) -> Table:
    """Return rows as a table: document, office, state in words and as code, seconds, and why."""
    made = Table("document", "office", "state", caption=caption, caption_justify="left")
    made.add_column("s", justify="right")
    made.add_column("why", overflow="fold")
    for row in rows:
        seconds = row.seconds if row.seconds is not None else (now - row.since if row.since is not None else None)
        style = "red" if row.failed and row.state != "unsent" else ("dim" if row.state == "unsent" else None)
        made.add_row(
            row.item.document_id,
            row.item.office_name or row.item.office,
            f"{STATE_NAMES[row.state]} {row.state}",
            "" if seconds is None else f"{seconds:.1f}",
            row.message,
            style=style,
        )
    return made


def tell_failed(console: Console, rows: Sequence[Row]) -> None:
    """Repeat what failed, each with what to do and the ids to ask by."""
    for row in rows:
        if row.failed and row.state != "unsent":
            ids = f" push_id {row.push_id}, bulletin_id {row.bulletin_id}" if row.push_id else ""
            console.print(
                f"✗ {row.item.document_id}（{row.item.office}）{STATE_NAMES[row.state]} {row.state} {row.code}{ids}\n"
                f"  {row.message}\n  {row.action}",
                markup=False,
            )


def print_records(rows: Sequence[Row], receipts: Callable[[Sequence[Row]], dict[str, Receipt]], at_once: int) -> None:
    """Print a record a push in the order given: its receipt or, where there is none, what stood against it."""
    for first in range(0, len(rows), at_once):
        some = rows[first : first + at_once]
        known = receipts([row for row in some if row.push_id])
        for row in some:
            receipt = known.get(row.push_id)
            typer.echo(receipt.model_dump_json() if receipt else json.dumps(row.record(), ensure_ascii=False))
