"""`jianbao receipts`: what became of pushes, asked for later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated

import typer
from rich.table import Table

from jianbao_contracts import Receipt
from jianbao_standalone.beijing import BEIJING, moment
from jianbao_standalone.cli.options import MESSAGES, RECORDS, WRONG_USAGE, JsonOption, OptionalDataOption, fail
from jianbao_standalone.cli.speaking import KeyOption, UrlOption, client_of, data_or_key
from jianbao_standalone.clients import CHOSEN_AT_ONCE, IngestClient, RefusedError, UnreachableError
from jianbao_standalone.pushing.rows import FAILED, STATE_NAMES


def receipts(
    push_ids: Annotated[list[str] | None, typer.Argument(metavar="PUSH_ID...", help="Only these pushes.")] = None,
    data: OptionalDataOption = None,
    url: UrlOption = None,
    key: KeyOption = None,
    office: Annotated[str, typer.Option(help="Whose receipts (with --data, which holds the keys).")] = "local",
    state: Annotated[str, typer.Option(help="Only these states, separated by commas.")] = "",
    since: Annotated[str, typer.Option(help="Pushed since: 2h or 7d ago, a day or a time (Beijing's).")] = "",
    most: Annotated[int, typer.Option(help="How many at the most, the latest first.", min=1)] = 50,
    as_json: JsonOption = False,
) -> None:
    """Tell what became of pushes: those named, or an office's latest.

    Exit code 1 where a push that was named is not known.

    Examples:
      jianbao receipts --data data --office my-office --state dead_lettered,rejected
      jianbao receipts --data data --office my-office --since 2026-11-22
    """
    data_or_key(data, url, key)
    unknown: list[str] = []
    begin = _since(since)
    try:
        with client_of(office, data, url, key) as client:
            if push_ids:
                found, unknown = _chosen(client, push_ids)
                show(found, as_json=as_json, in_full=True)
            else:
                listed = client.receipts(since=begin, state=state)
                show(islice(listed, most), as_json=as_json, in_full=False)
                if next(listed, None) is not None:
                    MESSAGES.print(f"there are more than these {most}; see more with --most")
    except (RefusedError, UnreachableError) as error:
        fail(str(error))
    for push_id in unknown:
        MESSAGES.print(f"no push of {office} has the id {push_id}", style="red", markup=False)
    raise typer.Exit(1 if unknown else 0)


def _since(written: str) -> str:
    try:
        return moment(written, datetime.now(UTC)).isoformat() if written else ""
    except ValueError as error:
        fail(str(error), WRONG_USAGE)


def _chosen(client: IngestClient, push_ids: Sequence[str]) -> tuple[list[Receipt], list[str]]:
    """Return the receipts of pushes in the order given, and the ids that are not known."""
    found: list[Receipt] = []
    unknown: list[str] = []
    for first in range(0, len(push_ids), CHOSEN_AT_ONCE):
        some = push_ids[first : first + CHOSEN_AT_ONCE]
        known = {one.push_id: one for one in client.chosen(some)}
        for push_id in dict.fromkeys(some):
            receipt = known.get(push_id) or _known_by_now(client, push_id)
            if receipt is None:
                unknown.append(push_id)
            else:
                found.append(receipt)
    return found, unknown


def _known_by_now(client: IngestClient, push_id: str) -> Receipt | None:
    """Ask for one receipt by itself: ingest then waits until it is sure whether there is such a push."""
    try:
        return client.receipt(push_id)
    except RefusedError as error:
        if error.problem.get("code") == "unknown_receipt":
            return None
        raise


def show(found: Iterable[Receipt], *, as_json: bool, in_full: bool) -> None:
    """Print receipts: as records, in full, as a table on a terminal, or else a line each."""
    if as_json:
        for receipt in found:
            typer.echo(receipt.model_dump_json())
    elif in_full:
        for receipt in found:
            for told in in_words(receipt):
                RECORDS.print(told, markup=False)
    elif RECORDS.is_terminal:
        table = Table("received (Beijing)", "source", "state", "push id")
        table.add_column("why", overflow="fold")
        for receipt in found:
            failed = receipt.state in FAILED
            table.add_row(*_columns(receipt), style="red" if failed else None)
        RECORDS.print(table)
    else:
        for receipt in found:
            at, source, _, push_id, why = _columns(receipt)
            typer.echo("\t".join([receipt.state, at, source, push_id, receipt.bulletin_id, why]))


def _columns(receipt: Receipt) -> tuple[str, str, str, str, str]:
    at = receipt.received_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    what = "撤回" if receipt.operation == "retract" else receipt.source
    why = receipt.detail.message if receipt.detail else ""
    return at, " ".join(what.split()), f"{STATE_NAMES[receipt.state]} {receipt.state}", receipt.push_id, why


def in_words(receipt: Receipt) -> Iterator[str]:
    """Yield a receipt as lines that a clerk can read."""
    at, what, state, push_id, _ = _columns(receipt)
    yield f"{what}  {state}  （{receipt.office}，{at}）"
    if receipt.detail:
        yield f"  {receipt.detail.message}"
        yield f"  {receipt.detail.action}"
    yield f"  push_id {push_id}，bulletin_id {receipt.bulletin_id}" + (
        f"，第 {receipt.revision} 版" if receipt.revision else ""
    )
    if receipt.refers_to:
        yield f"  refers_to {receipt.refers_to}"
    for one in receipt.relations:
        whose = one.office_name or one.office
        yield f"  {one.meaning}：{whose} {one.source} {one.page or one.bulletin_id}"
    if page := receipt.links.get("page"):
        yield f"  {page}"
