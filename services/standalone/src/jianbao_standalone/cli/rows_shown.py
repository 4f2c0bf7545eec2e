"""Rows on a terminal as a table that cuts nothing, elsewhere as lines of columns under a line of headings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import typer
from rich.cells import cell_len
from rich.style import Style
from rich.table import Table
from rich.text import Text

from jianbao_standalone.cli.options import MESSAGES, RECORDS

NARROWEST = 12
"""Cells that a folding column keeps on a narrow terminal."""

RED = Style(color="red")


def print_lines(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Print a line of headings and a line a row, columns separated by tabs; nothing without rows. Return how many."""
    number = 0
    for number, row in enumerate(rows, 1):
        if number == 1:
            typer.echo("\t".join(headings))
        typer.echo("\t".join(" ".join(str(cell).split()) for cell in row))
    return number


def print_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    folding: Collection[str] = (),
    red: Collection[int] = (),
) -> int:
    """Print a table, nothing without rows; return how many there were.

    Only the columns named in `folding` give way on a narrow terminal; an id, a day or a heading is never cut. `red`:
    numbers of the rows that somebody has to look at.
    """
    if not rows:
        return 0
    table = Table(show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for number, heading in enumerate(headings):
        if heading in folding:
            table.add_column(Text(heading), overflow="fold", min_width=NARROWEST)
        else:
            lines = [line for cell in (heading, *(row[number] for row in rows)) for line in str(cell).split("\n")]
            table.add_column(Text(heading), no_wrap=True, min_width=max(map(cell_len, lines)))
    for number, row in enumerate(rows):
        table.add_row(*(Text(str(cell)) for cell in row), style=RED if number in red else None)
    RECORDS.print(table)
    return len(rows)


def tell_if_none(number: int) -> None:
    """Say so where nothing was found: silence would look like a mistake."""
    if number == 0:
        MESSAGES.print("nothing matches")
