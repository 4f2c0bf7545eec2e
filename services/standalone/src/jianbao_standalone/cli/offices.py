"""`jianbao offices`: who may push."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from jianbao_contracts import Office, OfficeKey
from jianbao_standalone import office_keys
from jianbao_standalone.cli.options import MESSAGES, WRONG_USAGE, DataOption, JsonOption, fail, open_data
from jianbao_standalone.counted import counted
from jianbao_streaming import Log

app = typer.Typer(help="Offices, their keys and how their duplicates are treated.", no_args_is_help=True)

OfficeArgument = Annotated[str, typer.Argument(help="Short name: lower-case letters, digits, hyphens.")]
FOLDER = Path("data")


class Role(StrEnum):
    """What a key of the office may do."""

    office = "office"
    reader = "reader"
    operator = "operator"


class Duplicates(StrEnum):
    """What becomes of a bulletin that another office published before."""

    mark = "mark"
    accept = "accept"
    reject = "reject"


@app.command()
def add(
    office: OfficeArgument,
    data: DataOption = FOLDER,
    name: Annotated[str | None, typer.Option(help="Name as people know it, e.g. 湖北省文明办.")] = None,
    role: Role = Role.office,
) -> None:
    """Add an office, or one more key to it, and print the key: it is shown this once only.

    Example:  jianbao offices add hubei-wmb --name 湖北省文明办
    """
    keys: list[str] = []

    def with_key(before: Office) -> Office:
        after, key = office_keys.new_key(before)
        keys.append(key)
        return after.model_copy(update={"role": role.value, "name": name or before.name})

    try:
        office_keys.change(_log(data), office, with_key)
    except ValidationError:
        fail(f"{office!r} is no office name: use lower-case letters, digits and hyphens, 63 at the most", WRONG_USAGE)
    typer.echo(keys[0])
    MESSAGES.print("keep this key: only its SHA-256 is stored")


@app.command("list")
def list_offices(data: DataOption = FOLDER, as_json: JsonOption = False) -> None:
    """List all offices with their number of valid keys."""
    for office in office_keys.offices(_log(data)).values():
        if as_json:
            typer.echo(office.model_dump_json())
            continue
        valid = sum(key.revoked_at is None for key in office.keys)
        typer.echo(f"{office.office}\t{office.name}\t{office.role}\t{office.duplicates}\t{counted(valid, 'key')}")


@app.command()
def revoke(
    office: OfficeArgument,
    data: DataOption = FOLDER,
    key: Annotated[str, typer.Option(help="First digits of the SHA-256 of one key; default: all keys.")] = "",
) -> None:
    """Make keys invalid; what was pushed with them stays."""
    held_keys = _known(data, office).keys
    if not any(held.sha256.startswith(key) and held.revoked_at is None for held in held_keys):
        fail(f"{office} has no valid key whose SHA-256 begins with {key!r}; see: jianbao offices list --json")
    now = datetime.now(UTC)

    def revoked(held: OfficeKey) -> OfficeKey:
        hit = held.sha256.startswith(key) and held.revoked_at is None
        return held.model_copy(update={"revoked_at": now}) if hit else held

    office_keys.change(
        _log(data), office, lambda before: before.model_copy(update={"keys": [revoked(held) for held in before.keys]})
    )
    MESSAGES.print(f"keys of {office} revoked")


@app.command()
def policy(office: OfficeArgument, duplicates: Duplicates, data: DataOption = FOLDER) -> None:
    """Say how an office's bulletins that repeat another's are treated: marked, accepted, or rejected."""
    _known(data, office)
    office_keys.change(_log(data), office, lambda before: before.model_copy(update={"duplicates": duplicates.value}))
    MESSAGES.print(f"duplicates of {office}: {duplicates.value}")


@app.command()
def quota(
    office: OfficeArgument,
    pushes: Annotated[str, typer.Argument(metavar="N|none", help="Pushes a Beijing day; none: no limit.")],
    data: DataOption = FOLDER,
) -> None:
    """Say how many bulletins an office may push a day (Beijing's); withdrawals are never limited.

    Example:  jianbao offices quota hubei-wmb 500 --data data
    """
    if pushes != "none" and not (pushes.isascii() and pushes.isdigit() and len(pushes) <= 9 and int(pushes)):
        fail(f"{pushes!r} is no quota: give a number from 1 on, or none", WRONG_USAGE)
    limit = None if pushes == "none" else int(pushes)
    _known(data, office)
    office_keys.change(_log(data), office, lambda before: before.model_copy(update={"quota_per_day": limit}))
    MESSAGES.print(f"{office} may push {f'{limit} bulletins a day' if limit else 'without limit'}")


def _known(data: Path, office: str) -> Office:
    known = office_keys.offices(_log(data)).get(office)
    if known is None:
        fail(f"no office {office!r}; see: jianbao offices list")
    return known


def _log(data: Path) -> Log:
    return open_data(data, durable=True).log
