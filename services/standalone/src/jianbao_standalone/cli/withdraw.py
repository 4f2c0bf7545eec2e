"""`jianbao withdraw`: take a bulletin back."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from jianbao_contracts import Receipt, identity
from jianbao_standalone.cli.options import MESSAGES, WRONG_USAGE, JsonOption, OptionalDataOption, fail
from jianbao_standalone.cli.receipts import show
from jianbao_standalone.cli.speaking import KeyOption, UrlOption, client_of, data_or_key
from jianbao_standalone.clients import IngestClient, RefusedError, UnreachableError
from jianbao_standalone.pushing.courier import LONGEST_PAUSE_S, PATIENCE_S, SHORTEST_PAUSE_S
from jianbao_standalone.pushing.rows import FAILED


def withdraw(
    bulletin_id: Annotated[str | None, typer.Argument(help="As the receipt of its push tells it.")] = None,
    data: OptionalDataOption = None,
    url: UrlOption = None,
    key: KeyOption = None,
    document_id: Annotated[str | None, typer.Option(help="The office's own id of the document instead.")] = None,
    office: Annotated[str | None, typer.Option(help="Whose document it is.", show_default="local")] = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Return when the receipt is final.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Withdraw a bulletin: searches find it no more, and its text is not public any more.

    Examples:
      jianbao withdraw --data data my-office.0123456789abcdef0123456789abcdef --wait
      jianbao withdraw --data data --office my-office --document-id 2022/16.txt --reason 涉及个人信息
    """
    if (bulletin_id is None) == (document_id is None):
        fail("give a BULLETIN_ID or --document-id ID", WRONG_USAGE)
    data_or_key(data, url, key)
    bulletin = bulletin_id or identity.bulletin_id(office or "local", document_id, "")
    owner = identity.office_of(bulletin)
    if office is not None and office != owner:
        fail(f"{bulletin} is a bulletin of {owner}, not of {office}", WRONG_USAGE)
    try:
        with client_of(owner, data, url, key) as client:
            taken = client.withdraw(bulletin, reason=reason)
            receipt = final_receipt(client, taken.push_id) if wait else client.receipt(taken.push_id)
    except (RefusedError, UnreachableError) as error:
        fail(str(error))
    show([receipt], as_json=as_json, in_full=True)
    if wait and not receipt.final:
        MESSAGES.print(f"not final after {PATIENCE_S:.0f} s; ask later with: jianbao receipts {receipt.push_id}")
        raise typer.Exit(1)
    raise typer.Exit(1 if receipt.state in FAILED else 0)


def final_receipt(client: IngestClient, push_id: str) -> Receipt:
    """Return the receipt once it is final, or as it stands when patience ends."""
    deadline, pause = time.monotonic() + PATIENCE_S, SHORTEST_PAUSE_S
    while not (receipt := client.receipt(push_id)).final and time.monotonic() < deadline:
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE_S)
    return receipt
