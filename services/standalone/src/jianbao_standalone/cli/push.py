"""`jianbao push`: bulletins over HTTP, as an office pushes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from jianbao_contracts import Receipt
from jianbao_standalone.cli.options import (
    MESSAGES,
    RECORDS,
    WRONG_USAGE,
    JsonOption,
    OptionalDataOption,
    fail,
    tell_passed_over,
)
from jianbao_standalone.cli.push_shown import Lines, LiveTable, Nothing, Shown, print_records, table, tell_failed
from jianbao_standalone.cli.speaking import KeyOption, UrlOption, clients_of, data_or_key
from jianbao_standalone.clients import CHOSEN_AT_ONCE, IngestClient, RefusedError, UnreachableError
from jianbao_standalone.counted import pushes
from jianbao_standalone.pushing.courier import LANES, PATIENCE_S, Courier
from jianbao_standalone.pushing.items import ManifestError, PushItem, items_of_paths, read_manifest
from jianbao_standalone.pushing.rows import Row, summary
from jianbao_streaming.clock import SystemClock

INTERRUPTED = 130


class Lane(StrEnum):
    """By which lane a push goes: today's bulletins, or a back catalogue behind them."""

    live = "live"
    backfill = "backfill"


def push(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="FILE|DIR...", exists=True)] = None,
    data: OptionalDataOption = None,
    url: UrlOption = None,
    key: KeyOption = None,
    office: Annotated[str, typer.Option(help="Push for this office (with --data, which holds the keys).")] = "local",
    manifest: Annotated[Path | None, typer.Option(help="Push what a manifest lists.", exists=True)] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Return when every receipt is final; 1 if one failed.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Publish earlier content again (revert).")] = False,
    title: Annotated[str | None, typer.Option(help="Its title, as the office declares it (one file).")] = None,
    published_on: Annotated[str | None, typer.Option(help="Day of issue, e.g. 2022-05-07 (one file).")] = None,
    region: Annotated[str | None, typer.Option(help="Six digits of the place, e.g. 320582 (one file).")] = None,
    lane: Annotated[Lane | None, typer.Option(help="backfill: old bulletins.", show_default="live")] = None,
    as_json: JsonOption = False,
) -> None:
    """Push bulletins and tell what became of each.

    A file's document id is its name; below a folder it is the path from there. The same id pushed again with other
    content is a correction of that bulletin.

    On a terminal a table follows the pushes. Elsewhere each change of state is a line: state, office, document id, push
    id, bulletin id, seconds, code and words, separated by tabs. With --json the receipts are printed at the end, and for
    what was refused a record with its problem.

    Hidden files and what systems and editors leave in folders are passed over, and told.

    Examples:
      jianbao push --data data --wait bulletin.txt
      jianbao push --data data --office my-office --lane backfill archive/
      jianbao push --url http://127.0.0.1:8400 --key KEY folder/
    """
    if bool(paths) == bool(manifest):
        fail("give files and folders, or --manifest FILE", WRONG_USAGE)
    data_or_key(data, url, key)
    try:
        items = read_manifest(manifest).items if manifest else _items(paths or [], office)
        items = _declared(items, title, published_on, region, lane, single=_is_single(paths))
        _refuse_equal_ids(items, from_manifest=manifest is not None)
        clients = clients_of(items, data, url, key)
    except ManifestError as error:
        fail(str(error))
    except ValidationError:
        names = sorted({item.office for item in items})
        fail(f"no office can be named so: {names}; use lower-case letters, digits and hyphens", WRONG_USAGE)
    rows = [Row(item) for item in items]
    # In a manifest order means something beyond one document: which of two copies came first.
    lanes = 1 if manifest else LANES
    whole = _run(rows, clients, again=again, lanes=lanes, wait=wait, as_json=as_json)
    if not whole:
        MESSAGES.print(f"nothing has changed for {PATIENCE_S:.0f} s; see: jianbao topics status, and the logs")
        _tell_how_to_ask(rows)
    good = whole and all(row.as_expected if wait else not row.failed for row in rows)
    raise typer.Exit(0 if good else 1)


def _items(paths: Sequence[Path], office: str) -> list[PushItem]:
    items = list(items_of_paths(paths, office, tell_passed_over))
    if not items:
        fail(f"no file found in {', '.join(map(str, paths))}")
    return items


def _is_single(paths: Sequence[Path] | None) -> bool:
    return paths is not None and len(paths) == 1 and not paths[0].is_dir()


def _declared(
    items: list[PushItem],
    title: str | None,
    published_on: str | None,
    region: str | None,
    lane: Lane | None,
    *,
    single: bool,
) -> list[PushItem]:
    """Return items with what was declared; title, day and place are those of one document."""
    if not single and (title, published_on, region) != (None, None, None):
        fail("--title, --published-on and --region are about one document: give a single file with them", WRONG_USAGE)
    by_lane = [replace(item, lane=lane.value) for item in items] if lane else items
    if not single:
        return by_lane
    return [replace(item, title=title, published_on=published_on, region=region) for item in by_lane]


def _refuse_equal_ids(items: Sequence[PushItem], *, from_manifest: bool) -> None:
    """Two files under one document id would be two revisions of one bulletin, which only a manifest can mean."""
    seen: dict[str, PushItem] = {}
    for item in items:
        other = seen.setdefault(item.document_id, item)
        if other is not item and not from_manifest:
            both = f"{other.path} and {item.path}"
            fail(f"{both} would have the same document id {item.document_id!r}; push their common folder", WRONG_USAGE)


def _run(
    rows: list[Row], clients: dict[str, IngestClient], *, again: bool, lanes: int, wait: bool, as_json: bool
) -> bool:
    """Send everything and show it; return False where the patience to wait ended first."""
    clock = SystemClock()
    shown: Shown = Nothing() if as_json else (LiveTable(RECORDS, rows, clock) if RECORDS.is_terminal else Lines())
    courier = Courier(rows, clients, clock, shown.changed, again=again, lanes=lanes)
    whole = False
    try:
        with shown:
            whole = courier.run(wait=wait)
            if wait:
                courier.look_again()
    except (UnreachableError, RefusedError) as error:
        MESSAGES.print(f"jianbao: {error}", style="red", markup=False)
        _tell_how_to_ask(rows)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        MESSAGES.print("interrupted")
        _tell_how_to_ask(rows)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        if not as_json:
            if RECORDS.is_terminal:
                RECORDS.print(table(rows, clock.monotonic()))
            tell_failed(MESSAGES, rows)
            MESSAGES.print(summary(rows), markup=False)
    if as_json:
        print_records(rows, lambda some: _receipts(clients, some), CHOSEN_AT_ONCE)
    return whole


def _receipts(clients: dict[str, IngestClient], rows: Sequence[Row]) -> dict[str, Receipt]:
    """Return receipts by push id; one that is not known yet is waited for."""
    known: dict[str, Receipt] = {}
    for office in {row.item.office for row in rows}:
        ids = list(dict.fromkeys(row.push_id for row in rows if row.item.office == office))
        known |= {one.push_id: one for one in clients[office].chosen(ids)}
        known |= {push_id: clients[office].receipt(push_id) for push_id in ids if push_id not in known}
    return known


def _tell_how_to_ask(rows: Sequence[Row]) -> None:
    """Say what is still on the way or was not sent, and how to ask later."""
    under_way = [row for row in rows if row.on_the_way]
    unsent = [row for row in rows if row.state == "unsent"]
    if under_way:
        offices = " ".join(sorted({row.item.office for row in under_way}))
        MESSAGES.print(
            f"{pushes(len(under_way))} safe with ingest and still on the way; ask later with: "
            f"jianbao receipts --office {offices.split()[0]} --state accepted,normalized,extracted"
            + (f" (and so for: {offices})" if " " in offices else ""),
            markup=False,
        )
    if unsent:
        MESSAGES.print(
            f"{pushes(len(unsent))} not sent; run the same command again: what arrived is known and not doubled"
        )
