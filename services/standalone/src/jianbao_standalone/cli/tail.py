"""`jianbao tail`: the records of a topic."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jianbao_standalone.cli.options import RECORDS, WRONG_USAGE, DataOption, JsonOption, fail, open_data

if TYPE_CHECKING:
    from jianbao_streaming import Log, StoredRecord
    from jianbao_streaming.engine import Engine

USUALLY_SHOWN = 10
PERIOD_S = 0.5


def tail(
    topic: Annotated[str, typer.Argument(help="As `jianbao topics status` names it, e.g. bulletins.status.")],
    data: DataOption = Path("data"),
    begin: Annotated[
        str | None,
        typer.Option("--from", metavar="start|end|OFFSET", help="Where to begin.", show_default="the last -n records"),
    ] = None,
    most: Annotated[
        int | None, typer.Option("-n", min=0, help="How many records.", show_default="10; all with --from or a filter")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C.")] = False,
    office: Annotated[str | None, typer.Option(help="Only records of this office.")] = None,
    bulletin: Annotated[str | None, typer.Option(help="Only records of this bulletin id.")] = None,
    push: Annotated[str | None, typer.Option(help="Only records of this push id.")] = None,
    as_json: JsonOption = False,
    headers_only: Annotated[bool, typer.Option("--headers", help="One JSON record a line, without values.")] = False,
    value_only: Annotated[
        bool, typer.Option("--value", help="The bytes of the values, each followed by a line end.")
    ] = False,
) -> None:
    """Show the records of a topic; with -f also those to come.

    On a terminal times are Beijing's. Without --from the last records are shown; with a filter the whole topic is looked through. Values that are too
    large for the log are fetched for --json and --value.

    Example:  jianbao tail bulletins.status --data data --follow
    """
    from jianbao_standalone.cli.rows_shown import tell_if_none
    from jianbao_standalone.records_shown import headers, line, value, whole
    from jianbao_streaming import InvalidEvent

    if sum((as_json, headers_only, value_only)) > 1:
        fail("give only one of --json, --headers and --value", WRONG_USAGE)
    engine = open_data(data)
    filters = {"ce_office": office, "ce_subject": bulletin, "ce_pushid": push}
    wanted = {name: told for name, told in filters.items() if told}
    first, most = _span(engine.log, topic, begin, most, filtered=bool(wanted))

    def shown(record: StoredRecord) -> bytes:
        if value_only:
            return value(record, engine.payloads) or b""
        if headers_only:
            return json.dumps(headers(record), ensure_ascii=False).encode()
        if as_json or not RECORDS.is_terminal:
            return json.dumps(whole(record, engine.payloads), ensure_ascii=False).encode()
        return line(record).encode()

    try:
        number = _write(_records(engine, topic, first, wanted, follow=follow), most, shown)
        if not follow:
            tell_if_none(number)
    except InvalidEvent as error:
        fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    except BrokenPipeError:  # whoever read has seen enough; Python would complain once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    finally:
        engine.close()


def _span(log: Log, topic: str, begin: str | None, most: int | None, *, filtered: bool) -> tuple[int, int | None]:
    """Return the first offset to read and how many records to show, None for all. Ends the command for a wrong one."""
    from jianbao_contracts.topics import catalogue

    known = sorted({*catalogue(), *(state.topic for state in log.topics())})
    if topic not in known:
        fail(f"there is no topic {topic}; known: {', '.join(known)}", WRONG_USAGE)
    if begin is None and not filtered:
        return max(0, log.end(topic) - (USUALLY_SHOWN if most is None else most)), None
    if begin is None or begin == "start":
        return 0, most
    if begin == "end":
        return log.end(topic), most
    if not (begin.isascii() and begin.isdigit()):
        fail(f"--from {begin}: give start, end or an offset, a whole number", WRONG_USAGE)
    return int(begin), most


def _records(
    engine: Engine, topic: str, first: int, wanted: dict[str, str], *, follow: bool
) -> Iterator[StoredRecord | None]:
    """Yield the records that are wanted; None whenever no more are there for now."""
    reader = engine.log.reader([topic], start={topic: first})
    try:
        while True:
            batch = reader.poll(500, PERIOD_S if follow else 0)
            yield from (one for one in batch if all(one.header(name) == told for name, told in wanted.items()))
            if not batch and not follow:
                return
            yield None
    finally:
        reader.close()


def _write(records: Iterator[StoredRecord | None], most: int | None, shown: Callable[[StoredRecord], bytes]) -> int:
    """Write records until there are no more, or as many as are wanted; return how many."""
    left, number = most, 0
    for record in records:
        if left == 0:
            break
        if record is None:
            sys.stdout.buffer.flush()
            continue
        sys.stdout.buffer.write(shown(record) + b"\n")
        left, number = None if left is None else left - 1, number + 1
    sys.stdout.buffer.flush()
    return number
