"""`jianbao audit`: whether every accepted push is somewhere, and whether index and receipts say what the log says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from jianbao_contracts import State
from jianbao_search.ports import IndexUnavailableError
from jianbao_standalone.audit.comparison import Difference
from jianbao_standalone.audit.embedded import EmbeddedIndex, open_sources
from jianbao_standalone.audit.equation import STATES, Sum
from jianbao_standalone.audit.look import Findings, Scope, audit
from jianbao_standalone.audit.repair import repair
from jianbao_standalone.cli.options import MESSAGES, RECORDS, WRONG_USAGE, DataOption, JsonOption, fail, open_data
from jianbao_standalone.cli.rows_shown import print_lines, print_table
from jianbao_standalone.counted import counted, pushes
from jianbao_standalone.dead_letters.desk import operator
from jianbao_streaming import TransientError
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.engine import Engine

MOST_SHOWN = 50
"""Differences that are shown to a reader; a program gets all with --json."""


def audit_verb(
    data: DataOption = Path("data"),
    mend: Annotated[bool, typer.Option("--repair", help="Have everything mended that differs.")] = False,
    office: Annotated[str | None, typer.Option(help="Only bulletins of this office.")] = None,
    day: Annotated[str | None, typer.Option(help="Only pushes accepted on this Beijing day, e.g. 2026-11-22.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check that every accepted push is somewhere, and that index and receipts say what the log says.

    Works while Jianbao runs and while it is stopped; repairs are done by its processes, once they run. Exit code 0: all
    is as it should be; 1: something differs, repaired or not.

    Examples:
      jianbao audit --data data
      jianbao audit --data data --office hubei-wmb --repair
    """
    scope = Scope(office, _day(day))
    clock = SystemClock()
    with closing(open_data(data, durable=True)) as engine:
        try:
            found = audit(lambda: open_sources(data), EmbeddedIndex(data), scope, clock)
        except IndexUnavailableError as error:
            fail(f"there is no index to audit: {error}; a running Jianbao makes it anew from the log: audit again then")
        except TransientError as error:
            fail(f"the audit could not be made: {error}")
        repaired = _repair(data, engine, found.differences) if mend else None
    if as_json:
        record = {**found.record(), "sent_to_be_repaired": repaired}
        typer.echo(json.dumps(record, ensure_ascii=False))
    else:
        _show(found)
    _tell(found, repaired)
    raise typer.Exit(0 if found.clean else 1)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fail(f"{text!r} is no day; write it as 2026-11-22", WRONG_USAGE)


def _repair(data: Path, engine: Engine, differences: Sequence[Difference]) -> int:
    sent = 0
    with open_sources(data) as sources:
        for one, was_sent in repair(sources, engine.log, differences, operator(), SystemClock()):
            sent += was_sent
            if not was_sent:
                why = "look into it by hand" if one.kind == "twice" else "the log no longer holds its record"
                MESSAGES.print(f"no way to repair {one.kind} {one.bulletin_id}: {why}")
    return sent


def _show(found: Findings) -> None:
    if RECORDS.is_terminal:
        met = [state for state in STATES if any(one.states[state] for one in found.sums)]
        red = {number for number, one in enumerate(found.sums) if one.difference}
        print_table(_headings(met), [_cells(one, met) for one in found.sums], red=red)
    else:
        print_lines(_headings(STATES), (_cells(one, STATES) for one in found.sums))
    for wrong in found.differences[:MOST_SHOWN]:
        typer.echo(f"{wrong.kind}\t{wrong.push_id or wrong.bulletin_id}\t{wrong.what}")
    if len(found.differences) > MOST_SHOWN:
        typer.echo(f"… and {len(found.differences) - MOST_SHOWN} more; all of them: jianbao audit --json")


def _headings(states: Sequence[str]) -> tuple[str, ...]:
    return ("office", "day (Beijing)", "pushes", *states, "difference")


def _cells(one: Sum, states: Sequence[State]) -> tuple[object, ...]:
    return (one.office, one.day.isoformat(), one.accepted, *(one.states[state] for state in states), one.difference)


def _tell(found: Findings, repaired: int | None) -> None:
    accepted = pushes(sum(one.accepted for one in found.sums))
    if found.clean:
        MESSAGES.print(f"{accepted}, each in one state; index and receipts agree with the log")
        return
    off = sum(abs(one.difference) for one in found.sums)
    MESSAGES.print(
        f"{accepted}, {off} of them in no state; {counted(len(found.differences), 'difference')}", style="red"
    )
    if repaired is None:
        MESSAGES.print("nothing was changed; have it mended by: jianbao audit --repair")
    else:
        MESSAGES.print(f"{counted(repaired, 'repair')} sent to the running processes; then audit again")
