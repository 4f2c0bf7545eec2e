"""`jianbao receipts`: what became of pushes, asked for later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from jianbao_contracts import Receipt
from jianbao_standalone.beijing import clock, moment
from jianbao_standalone.cli.options import MESSAGES, RECORDS, WRONG_USAGE, JsonOption, OptionalDataOption, fail
from jianbao_standalone.cli.rows_shown import print_lines, print_table, tell_if_none
from jianbao_standalone.cli.speaking import KeyOption, UrlOption, client_of, data_or_key
from jianbao_standalone.clients import CHOSEN_AT_ONCE, IngestClient, RefusedError, UnreachableError
from jianbao_standalone.pushing.rows import FAILED, STATE_NAMES

HEADINGS = ("state", "received (Beijing)", "source", "push id", "bulletin id", "why")


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

    Exit code 1 where a push that was named is not known. Piped, it is a line of headings and a line a push, separated by
    tabs; programs read --json.

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
                tell_if_none(show(islice(listed, most), as_json=as_json, in_full=False))
                if next(listed, None) is not None:
                    MESSAGES.print(f"there are more than these {most}; see more with --most")
    except (RefusedError, UnreachableError) as error:
        fail(str(error))
    for push_id in unknown:
        MESSAGES.print(f"no push of {office} has the id {push_id}", style="red", markup=False)
    if unknown and data is not None:
        _tell_of_restore(data)
    raise typer.Exit(1 if unknown else 0)


def _tell_of_restore(data: Path) -> None:
    """A push may be unknown because a restore has set it aside."""
    from jianbao_standalone.backup.restoring import BEFORE

    if before := sorted(folder.name for folder in data.glob(f"{BEFORE}*")):
        MESSAGES.print(
            f"what was pushed after the backup that was restored here is set aside in {before[-1]}; if the push was among"
            " that, push it again: it gets the same id",
            markup=False,
        )


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


def show(found: Iterable[Receipt], *, as_json: bool, in_full: bool) -> int:
    """Print receipts: as records, in full, as a table on a terminal, or else a line each. Return how many there were."""
    if not as_json and not in_full:
        if RECORDS.is_terminal:
            return _show_table(list(found))
        return print_lines(HEADINGS, map(_columns, found))
    number = 0
    for receipt in found:
        number += 1
        if as_json:
            typer.echo(receipt.model_dump_json())
        else:
            for told in in_words(receipt):
                RECORDS.print(told, markup=False)
    return number


def _show_table(found: Sequence[Receipt]) -> int:
    """Two lines a push: so both ids stand whole on a terminal of 80 columns."""
    state, at, source, push_id, bulletin_id, why = HEADINGS
    headings = (f"{at}\n{state}", f"{push_id}\n{bulletin_id}", f"{source}, {why}")
    rows = []
    for receipt in found:
        _, when, what, push, bulletin, reason = _columns(receipt)
        rows.append((f"{when}\n{_state(receipt)}", f"{push}\n{bulletin}", f"{what}\n{reason}".rstrip()))
    red = {number for number, receipt in enumerate(found) if receipt.state in FAILED}
    return print_table(headings, rows, folding={headings[-1]}, red=red)


def _columns(receipt: Receipt) -> tuple[str, str, str, str, str, str]:
    what = "撤回" if receipt.operation == "retract" else receipt.source
    why = receipt.detail.message if receipt.detail else ""
    at = clock(receipt.received_at)
    return receipt.state, at, " ".join(what.split()), receipt.push_id, receipt.bulletin_id, why


def _state(receipt: Receipt) -> str:
    return f"{STATE_NAMES[receipt.state]} {receipt.state}"


def in_words(receipt: Receipt) -> Iterator[str]:
    """Yield a receipt as lines that a clerk can read."""
    _, at, what, push_id, _, _ = _columns(receipt)
    yield f"{what}  {_state(receipt)}  （{receipt.office}，北京时间 {at}）"
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
