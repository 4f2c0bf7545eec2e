"""`jianbao dlq`: look at dead letters, and send them back once their cause is mended."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from jianbao_standalone import dead_letter_desk as desk
from jianbao_standalone.cli.options import MESSAGES, RECORDS, WRONG_USAGE, DataOption, JsonOption, fail, open_data

app = typer.Typer(help="Dead letters: what could not be handled, untouched, with the reason.", no_args_is_help=True)

FOLDER = Path("data")
StageOption = Annotated[str | None, typer.Option(help=f"Only of this stage: {', '.join(desk.STAGES)}.")]
CodeOption = Annotated[str | None, typer.Option(help="Only with this code, e.g. not_text.")]
OfficeOption = Annotated[str | None, typer.Option(help="Only of this office.")]


@app.command("list")
def list_letters(
    data: DataOption = FOLDER,
    stage: StageOption = None,
    code: CodeOption = None,
    office: OfficeOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those already replayed or dropped.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List dead letters that nobody has dealt with.

    Example:  jianbao dlq list --stage normalize --code not_text
    """
    table = Table("place", "office", "code", "reason", "failed at", "replays", "done")
    for letter in desk.find(open_data(data).log, desk.Filter(stage, code, office, done_too=everything)):
        summary = letter.summary()
        if as_json or not RECORDS.is_terminal:
            typer.echo(json.dumps(summary, ensure_ascii=False))
            continue
        columns = ("place", "office", "code", "reason", "failed_at", "replays", "done")
        table.add_row(*(str(summary[column] or "") for column in columns))
    if table.row_count:
        RECORDS.print(table)


@app.command()
def show(
    place: Annotated[str, typer.Argument(help="As `dlq list` names it: stage/partition/offset.")],
    data: DataOption = FOLDER,
    value: Annotated[bool, typer.Option("--value", help="Write the untouched bytes to standard output.")] = False,
) -> None:
    """Show all that is known of one dead letter.

    Example:  jianbao dlq show normalize/0/3
    """
    for letter in desk.find(open_data(data).log, desk.Filter(place=place, done_too=True)):
        if value:
            sys.stdout.buffer.write(letter.record.value or b"")
            return
        headers = {name: text.decode("utf-8", "replace") for name, text in letter.record.headers}
        typer.echo(json.dumps({**letter.summary(), "headers": headers}, ensure_ascii=False, indent=2))
        return
    fail(f"no dead letter {place!r}; see: jianbao dlq list --all", WRONG_USAGE)


@app.command()
def replay(
    data: DataOption = FOLDER,
    place: Annotated[str | None, typer.Argument(help="One dead letter: stage/partition/offset.")] = None,
    stage: StageOption = None,
    code: CodeOption = None,
    office: OfficeOption = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are open.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be replayed.")] = False,
) -> None:
    """Send dead letters back to the stage that could not handle them, after their cause was mended.

    Example:  jianbao dlq replay --stage normalize --code internal_error --dry-run
    """
    if not (place or stage or code or office or everything):
        fail("say which: a place, --stage, --code, --office, or --all", WRONG_USAGE)
    log = open_data(data, durable=True).log
    letters = list(desk.find(log, desk.Filter(stage, code, office, place, done_too=place is not None)))
    for letter in letters:
        typer.echo(json.dumps(letter.summary(), ensure_ascii=False))
    if letters and not dry_run:
        desk.replay(log, letters, getpass.getuser())
    MESSAGES.print(f"{len(letters)} dead letters {'would be' if dry_run else 'were'} sent back to their stages")
