"""`jianbao push`: bulletins over HTTP, as an office pushes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.progress import track
from rich.table import Table

from jianbao_contracts import Receipt, identity
from jianbao_standalone.cli.options import (
    MESSAGES,
    RECORDS,
    WRONG_USAGE,
    JsonOption,
    OptionalDataOption,
    fail,
    open_data,
    url_of,
)
from jianbao_standalone.clients import IngestClient, RefusedError, UnreachableError
from jianbao_standalone.office_keys import local_key
from jianbao_standalone.push_items import ManifestError, PushItem, items_of_paths, read_manifest
from jianbao_standalone.supervisor.processes import INGEST_API

FAILED = frozenset({"dead_lettered", "rejected"})
PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one item: refused at the door, or a receipt."""

    item: PushItem
    refused: str | None
    receipt: Receipt | None

    @property
    def state(self) -> str:
        """The state as a receipt tells it, or `refused`."""
        return self.receipt.state if self.receipt else "refused"

    @property
    def as_expected(self) -> bool:
        """Whether a manifest's expectation holds; without one, whether nothing failed."""
        if self.item.expected_state is None:
            return self.state != "refused" and self.state not in FAILED
        code = self.receipt.detail.code if self.receipt and self.receipt.detail else None
        return (
            self.state == self.item.expected_state
            and self.item.expected_code in (None, code)
            and self._original() in self._related()
        )

    def _original(self) -> str | None:
        wanted = self.item.expected_duplicate_of
        return identity.bulletin_id(wanted[0], wanted[1], "") if wanted else None

    def _related(self) -> set[str | None]:
        """The bulletins that the receipt names as published before; None stands for no expectation."""
        return {None, *(relation.bulletin_id for relation in self.receipt.relations)} if self.receipt else {None}

    @property
    def why(self) -> str:
        """The reason in words, where there is one."""
        if self.refused:
            return self.refused
        return self.receipt.detail.message if self.receipt and self.receipt.detail else ""


def push(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="FILE|DIR...", exists=True)] = None,
    data: OptionalDataOption = None,
    url: Annotated[str | None, typer.Option(help="Address of the ingest API.")] = None,
    key: Annotated[str | None, typer.Option(help="The office's key.", envvar="JIANBAO_KEY")] = None,
    office: Annotated[str, typer.Option(help="Push for this office (with --data, which holds the keys).")] = "local",
    manifest: Annotated[Path | None, typer.Option(help="Push what a manifest lists.", exists=True)] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Return when every receipt is final; 1 if one failed.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Publish earlier content again (revert).")] = False,
    as_json: JsonOption = False,
) -> None:
    """Push bulletins and tell what became of each.

    A file's document id is its name; below a folder it is the path from there. The same id pushed again with other
    content is a correction of that bulletin.

    Examples:
      jianbao push --data data --wait bulletin.txt
      jianbao push --url http://127.0.0.1:8400 --key KEY folder/
    """
    if bool(paths) == bool(manifest):
        fail("give files and folders, or --manifest FILE", WRONG_USAGE)
    if data is None and key is None:
        fail("give --data DIR, or --url URL with --key KEY", WRONG_USAGE)
    try:
        items = read_manifest(manifest).items if manifest else list(items_of_paths(paths or [], office))
        _refuse_equal_ids(items, from_manifest=manifest is not None)
        pushed = push_all(items, data, url_of(data, url, INGEST_API), key, again=again, wait=wait)
    except (ManifestError, UnreachableError) as error:
        fail(str(error))
    except ValidationError:
        names = sorted({item.office for item in items})
        fail(f"no office can be named so: {names}; use lower-case letters, digits and hyphens", WRONG_USAGE)
    show(pushed, as_json=as_json)
    waiting = [one for one in pushed if wait and one.receipt and not one.receipt.final]
    if waiting:
        MESSAGES.print(
            f"{len(waiting)} receipts are not final after {PATIENCE_S:.0f} s; see the logs, and push again to look"
        )
    good = not waiting and all(one.as_expected or not (wait or one.refused) for one in pushed)
    raise typer.Exit(0 if good else 1)


def _refuse_equal_ids(items: Sequence[PushItem], *, from_manifest: bool) -> None:
    """Two files under one document id would be two revisions of one bulletin, which only a manifest can mean."""
    seen: dict[str, PushItem] = {}
    for item in items:
        other = seen.setdefault(item.document_id, item)
        if other is not item and not from_manifest:
            both = f"{other.path} and {item.path}"
            fail(f"{both} would have the same document id {item.document_id!r}; push their common folder", WRONG_USAGE)


def push_all(
    items: Sequence[PushItem], data: Path | None, url: str, key: str | None, *, again: bool, wait: bool
) -> list[Pushed]:
    """Push items in order, then wait for their receipts if asked to. Raises UnreachableError."""
    clients = {office: IngestClient(url, one_key) for office, one_key in _keys(items, data, key).items()}
    quiet = not MESSAGES.is_terminal
    refused: dict[int, str] = {}
    ids: dict[int, str] = {}
    for number, item in enumerate(track(items, "pushing", console=MESSAGES, disable=quiet)):
        try:
            ids[number] = clients[item.office].push(item, revert=again)
        except RefusedError as error:
            refused[number] = str(error)
    receipts: dict[int, Receipt] = {}
    for number, push_id in track(ids.items(), "waiting for receipts", console=MESSAGES, disable=quiet):
        client = clients[items[number].office]
        receipts[number] = client.final_receipt(push_id, PATIENCE_S) if wait else client.receipt(push_id)
    if wait:  # a later push may have superseded or withdrawn what an earlier one had made searchable
        receipts = {number: clients[items[number].office].receipt(push_id) for number, push_id in ids.items()}
    return [Pushed(item, refused.get(number), receipts.get(number)) for number, item in enumerate(items)]


def show(pushed: Sequence[Pushed], *, as_json: bool) -> None:
    """Print what became of each push."""
    if as_json:
        for one in pushed:
            typer.echo(one.receipt.model_dump_json() if one.receipt else "null")
        return
    if not RECORDS.is_terminal:
        for one in pushed:
            typer.echo(f"{one.state}\t{one.item.office}\t{one.item.document_id}\t{one.why}")
        return
    table = Table("state", "office", "document", "why", title=None)
    for one in pushed:
        table.add_row(
            one.state, one.item.office, one.item.document_id, one.why, style=None if one.as_expected else "red"
        )
    RECORDS.print(table)


def _keys(items: Sequence[PushItem], data: Path | None, key: str | None) -> dict[str, str]:
    """Return a key for every office: the one given, or those of the data folder, made where they are missing."""
    names = {item.office: item.office_name for item in items}
    if key is not None:
        return dict.fromkeys(names, key)
    if data is None:
        return {}
    engine = open_data(data, durable=True)
    try:
        return {office: local_key(data, engine.log, office, name) for office, name in names.items()}
    finally:
        engine.close()
