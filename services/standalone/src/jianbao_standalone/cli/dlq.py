"""`jianbao dlq`: look at dead letters, send them back once their cause is mended, or give them up."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace as changed
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from jianbao_standalone import beijing
from jianbao_standalone.cli.dlq_options import DryRunOption, LimitOption, ReasonOption, filtered
from jianbao_standalone.cli.options import MESSAGES, RECORDS, WRONG_USAGE, DataOption, JsonOption, fail, open_data
from jianbao_standalone.cli.rows_shown import print_lines, print_table, tell_if_none
from jianbao_standalone.counted import counted
from jianbao_standalone.dead_letters import desk
from jianbao_standalone.dead_letters.filter import DeadLetter, Filter, Place, PlaceError
from jianbao_standalone.dead_letters.filter import place as place_of
from jianbao_standalone.dead_letters.stats import count
from jianbao_streaming import Log

app = typer.Typer(help="Dead letters: what could not be handled, untouched, with the reason.", no_args_is_help=True)

FOLDER = Path("data")

HEADINGS = {"failed_at": "failed at (Beijing)", "done": "done (Beijing)"}

LONGEST_REASON = 2000
"""Characters; as the event of the audit line has it."""


@app.command("list")
@filtered
def list_letters(
    wanted: Filter, data: DataOption = FOLDER, limit: LimitOption = None, as_json: JsonOption = False
) -> None:
    """List dead letters that nobody has dealt with.

    Example:  jianbao dlq list --stage normalize --code not_text --since 7d
    """
    wanted = changed(wanted, done_too=wanted.done_too or bool(wanted.places))
    letters = islice(desk.find(open_data(data).log, wanted), limit)
    _show(letters, ("place", "office", "code", "reason", "failed_at", "replays", "done"), as_json=as_json)


@app.command()
@filtered
def history(wanted: Filter, data: DataOption = FOLDER, limit: LimitOption = None, as_json: JsonOption = False) -> None:
    """List what was done with dead letters, the latest act on each: who, when, why.

    Example:  jianbao dlq history --office hubei-wmb
    """
    letters = desk.find(open_data(data).log, changed(wanted, done_too=True))
    done = islice((letter for letter in letters if letter.done), limit)
    _show(done, ("place", "state", "office", "code", "bulletin_id", "done"), as_json=as_json)


@app.command()
def show(
    place: Annotated[str, typer.Argument(help="As `dlq list` names it: stage/partition/offset.")],
    data: DataOption = FOLDER,
    value: Annotated[bool, typer.Option("--value", help="Write the untouched bytes to standard output.")] = False,
) -> None:
    """Show all that is known of one dead letter.

    Example:  jianbao dlq show normalize/0/3
    """
    try:
        wanted = Filter(places=frozenset({place_of(place)}), done_too=True)
    except PlaceError as error:
        fail(str(error), WRONG_USAGE)
    for letter in desk.find(open_data(data).log, wanted):
        if value:
            sys.stdout.buffer.write(letter.record.value or b"")
            return
        headers = {name: text.decode("utf-8", "replace") for name, text in letter.record.headers}
        typer.echo(json.dumps({**letter.summary(), "headers": headers}, ensure_ascii=False, indent=2))
        return
    fail(f"no dead letter {place!r}; see: jianbao dlq list --all", WRONG_USAGE)


@app.command()
@filtered
def replay(
    wanted: Filter,
    data: DataOption = FOLDER,
    limit: LimitOption = None,
    dry_run: DryRunOption = False,
    reason: ReasonOption = None,
) -> None:
    """Send dead letters back to the stage that could not handle them, after their cause was mended.

    One that was dropped can be sent back too, by its place.

    Example:  jianbao dlq replay --stage normalize --code internal_error --dry-run
    """
    log, chosen = _chosen(wanted, data, limit, reason)
    if dry_run:
        _tell(
            filter(desk.may_replay, desk.look(log, chosen)), len(chosen), "would be sent back to the stage that failed"
        )
    else:
        _tell(desk.replay(log, chosen, desk.operator(), reason), len(chosen), "sent back to the stage that failed")


@app.command()
@filtered
def drop(
    wanted: Filter,
    data: DataOption = FOLDER,
    limit: LimitOption = None,
    dry_run: DryRunOption = False,
    reason: ReasonOption = None,
) -> None:
    """Give dead letters up: their receipts say so, and the same content may be pushed again. Nothing is deleted.

    The audit line wants a --reason, because none can be added later.

    Example:  jianbao dlq drop normalize/0/3 --reason "a photo, sent by mistake"
    """
    if not dry_run and not (reason or "").strip():
        fail("say why with --reason TEXT: it goes into the audit line, and none can be added later", WRONG_USAGE)
    log, chosen = _chosen(wanted, data, limit, reason)
    if dry_run:
        _tell(filter(desk.may_drop, desk.look(log, chosen)), len(chosen), "would be dropped")
    else:
        _tell(desk.drop(log, chosen, desk.operator(), reason), len(chosen), "dropped")


@app.command()
@filtered
def stats(wanted: Filter, data: DataOption = FOLDER, as_json: JsonOption = False) -> None:
    """Count dead letters by stage, code, office and Beijing day: open, replayed, dropped.

    Example:  jianbao dlq stats --since 30d
    """
    found = count(desk.find(open_data(data).log, changed(wanted, done_too=True)))
    if as_json:
        typer.echo(json.dumps({"total": found.total(), "by": found.rows()}, ensure_ascii=False))
        return
    columns = ("stage", "code", "office", "day", "open", "replayed", "dropped")
    headings = [column.replace("day", "day (Beijing)") for column in columns]
    rows = [[row[column] for column in columns] for row in found.rows()]
    tell_if_none(print_table(headings, rows) if RECORDS.is_terminal else print_lines(headings, rows))
    total = found.total()
    newest = f"; the newest failed at {beijing.told(found.newest)}" if found.newest else ""
    MESSAGES.print(f"{total['open']} open, {total['replayed']} replayed, {total['dropped']} dropped{newest}")


def _chosen(wanted: Filter, data: Path, limit: int | None, reason: str | None) -> tuple[Log, list[Place]]:
    """Return the log and the places to act on: open letters, or whatever lies at the places that were named."""
    if not (wanted.narrows or wanted.done_too):
        fail("say which: places, a filter such as --stage or --code, or --all (all that are open)", WRONG_USAGE)
    if len(reason or "") > LONGEST_REASON:
        fail(f"--reason is longer than {LONGEST_REASON} characters", WRONG_USAGE)
    log = open_data(data, durable=True).log
    chosen = desk.places(log, changed(wanted, done_too=bool(wanted.places)), limit)
    if limit is None and (missing := sorted(map(str, wanted.places - frozenset(chosen)))):
        fail(f"no such dead letters, or not of that kind: {', '.join(missing)}; see: jianbao dlq list --all")
    return log, chosen


def _tell(letters: Iterator[DeadLetter], chosen: int, done: str) -> None:
    acted = 0
    for letter in letters:
        acted += 1
        typer.echo(json.dumps(letter.summary(), ensure_ascii=False))
    MESSAGES.print(f"{counted(acted, 'dead letter')} {done}")
    if acted < chosen:
        MESSAGES.print(f"{chosen - acted} left alone: sent back or dropped before; see: jianbao dlq history")
        raise typer.Exit(1)


def _show(letters: Iterator[DeadLetter], columns: tuple[str, ...], *, as_json: bool) -> None:
    if not as_json and RECORDS.is_terminal:
        headings = [HEADINGS.get(column, column) for column in columns]
        folding = {"reason", "code", HEADINGS["done"]}
        tell_if_none(print_table(headings, [_cells(letter, columns) for letter in letters], folding=folding))
        return
    number = 0
    for letter in letters:
        number += 1
        typer.echo(json.dumps(letter.summary(), ensure_ascii=False))
    tell_if_none(number)


def _cells(letter: DeadLetter, columns: tuple[str, ...]) -> list[str]:
    shown = {**letter.summary(), "failed_at": beijing.clock(letter.failed_at), "done": letter.act(beijing.clock)}
    return [str(shown[column] or "") for column in columns]
