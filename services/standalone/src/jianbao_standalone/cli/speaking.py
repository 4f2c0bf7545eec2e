"""How verbs find ingest and the key to speak with: in a data folder, or as they were told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from jianbao_contracts import Office
from jianbao_standalone.addresses import Whereabouts
from jianbao_standalone.cli.options import MESSAGES, WRONG_USAGE, fail, open_data, whereabouts
from jianbao_standalone.clients import IngestClient
from jianbao_standalone.office_keys import change, local_key, offices
from jianbao_standalone.pushing.items import Duplicates, PushItem
from jianbao_standalone.supervisor.processes import INGEST_API

UrlOption = Annotated[str | None, typer.Option(help="Address of the ingest API, e.g. http://127.0.0.1:8400.")]
KeyOption = Annotated[str | None, typer.Option(help="The office's key.", envvar="JIANBAO_KEY")]


def data_or_key(data: Path | None, url: str | None, key: str | None) -> None:
    """End where it is not said how to speak to ingest."""
    if data is None and (url is None or key is None):
        fail("give --data DIR, or --url URL with --key KEY", WRONG_USAGE)
    if key is not None and (not key.strip() or any(character.isspace() for character in key.strip())):
        fail("a key is one word of 43 characters; this one is empty or has spaces in it", WRONG_USAGE)


def clients_of(
    items: Sequence[PushItem], data: Path | None, url: str | None, key: str | None
) -> dict[str, IngestClient]:
    """Return a client for each office. Keys are those of the data folder, made where missing, or the one given.

    An office that the data folder does not know is made, and that is told.
    """
    address = whereabouts(data, url, INGEST_API)
    names = {item.office: item.office_name for item in items}
    if key is not None:
        keys = dict.fromkeys(names, key.strip())
    else:
        keys = _local_keys(data, names, {item.office: item.office_duplicates for item in items})
    return _clients(address, keys)


def client_of(office: str, data: Path | None, url: str | None, key: str | None) -> IngestClient:
    """Return the client of an office that is there. Ends, saying so, where the data folder knows none of that name."""
    address = whereabouts(data, url, INGEST_API)
    return _clients(address, {office: _known_key(data, office) if key is None else key.strip()})[office]


def _clients(address: str | Whereabouts, keys: Mapping[str, str]) -> dict[str, IngestClient]:
    told = _once(lambda line: MESSAGES.print(line, markup=False))
    return {office: IngestClient(address, key, told=told) for office, key in keys.items()}


def _known_key(data: Path | None, office: str) -> str:
    if data is None:
        return ""
    engine = open_data(data, durable=True)
    try:
        if office not in offices(engine.log):
            fail(f"no office {office!r} here; see: jianbao offices list")
        return local_key(data, engine.log, office)
    finally:
        engine.close()


def _local_keys(
    data: Path | None, names: dict[str, str | None], policies: dict[str, Duplicates | None]
) -> dict[str, str]:
    if data is None:
        return {}
    engine = open_data(data, durable=True)
    try:
        before = offices(engine.log)
        keys = {office: local_key(data, engine.log, office, name) for office, name in names.items()}
        for office in names:
            if office not in before:
                MESSAGES.print(f"new office made: {office}", markup=False)
        known = offices(engine.log)
        for office, policy in policies.items():
            if policy is not None and known[office].duplicates != policy:
                change(engine.log, office, partial(_with_policy, policy))
        return keys
    finally:
        engine.close()


def _with_policy(policy: Duplicates, office: Office) -> Office:
    return office.model_copy(update={"duplicates": policy})


def _once(tell: Callable[[str], None]) -> Callable[[str], None]:
    """Return a function that tells each line only once: several connections wait for the same thing."""
    said: set[str] = set()

    def told(line: str) -> None:
        if line not in said:
            said.add(line)
            tell(line)

    return told
