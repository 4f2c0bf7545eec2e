"""Options that several verbs share, and how verbs talk: records to standard output, messages to standard error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:  # the engine takes a tenth of a second to import, and help texts need none
    from jianbao_standalone.addresses import Whereabouts
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


def tell_passed_over(line: str) -> None:
    """Say what of a folder is not taken for a document."""
    MESSAGES.print(line, markup=False)


def open_data(data: Path, *, durable: bool = False) -> Engine:
    """Open the data folder of a Jianbao that was started there before; a mistyped folder is not made, but told."""
    from jianbao_streaming.engine import open_embedded
    from jianbao_streaming.sqlite import DATABASE

    if not (data / DATABASE).is_file():
        fail(f"no Jianbao data in {data}; give its folder with --data, or make one by: jianbao up --data {data}")
    return open_embedded(data, durable=durable)


def whereabouts(data: Path | None, url: str | None, process: str) -> str | Whereabouts:
    """Return where to speak to: the address given, or the process of the data folder, wherever that is at any moment.

    Ends, saying so, where nothing runs over the folder; a process that is only being restarted is waited for.
    """
    from jianbao_standalone.addresses import Whereabouts

    if url:
        if not url.startswith(("http://", "https://")):
            fail(f"an address begins with http:// or https://; did you mean http://{url.lstrip('/')} ?", WRONG_USAGE)
        return url.rstrip("/")
    if data is None:
        fail("give --data DIR (a Jianbao on this machine) or --url URL", WRONG_USAGE)
    place = Whereabouts(data, process)
    if place.url() is None and not place.supervised():
        fail(place.why_away())
    return place
