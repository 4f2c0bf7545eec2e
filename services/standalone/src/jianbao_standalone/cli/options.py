"""Options that several verbs share, and how verbs talk: records to standard output, messages to standard error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:  # the engine takes a tenth of a second to import, and help texts need none
    from jianbao_streaming.engine import Engine

MESSAGES = Console(stderr=True, soft_wrap=True, highlight=False)
RECORDS = Console(soft_wrap=True, highlight=False)

DataOption = Annotated[
    Path, typer.Option("--data", help="The data folder of a Jianbao on this machine.", envvar="JIANBAO_DATA")
]
OptionalDataOption = Annotated[
    Path | None, typer.Option("--data", help="Find address and key in this data folder.", envvar="JIANBAO_DATA")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON record a line instead of a table.")]

WRONG_USAGE = 2


def fail(message: str, code: int = 1) -> NoReturn:
    """Say why and end."""
    MESSAGES.print(f"jianbao: {message}", style="red", markup=False)
    raise typer.Exit(code)


def open_data(data: Path, *, durable: bool = False) -> Engine:
    """Open the data folder of a Jianbao that was started there before; a mistyped folder is not made, but told."""
    from jianbao_streaming.engine import open_embedded
    from jianbao_streaming.sqlite import DATABASE

    if not (data / DATABASE).is_file():
        fail(f"no Jianbao data in {data}; give its folder with --data, or make one by: jianbao up --data {data}")
    return open_embedded(data, durable=durable)


def url_of(data: Path | None, url: str | None, process: str) -> str:
    """Return the address to speak to: the one given, or that of the process in the data folder."""
    from jianbao_standalone.addresses import read_address

    if url:
        if not url.startswith(("http://", "https://")):
            fail(f"an address begins with http:// or https://; did you mean http://{url.lstrip('/')} ?", WRONG_USAGE)
        return url.rstrip("/")
    if data is None:
        fail("give --data DIR (a Jianbao on this machine) or --url URL", WRONG_USAGE)
    address = read_address(data, process)
    if address is None:
        fail(
            f"nothing runs over {data}: no {process} has told its address there; start it with: jianbao up --data {data}"
        )
    return address.url
