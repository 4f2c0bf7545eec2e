"""`jianbao up`: all services over one data folder."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from jianbao_standalone.addresses import Address, is_free
from jianbao_standalone.cli.options import MESSAGES, DataOption, fail
from jianbao_standalone.supervisor.processes import INGEST_API, SEARCH_API, all_processes
from jianbao_standalone.supervisor.supervisor import Supervisor
from jianbao_streaming import FatalError
from jianbao_streaming.engine import open_embedded
from jianbao_streaming.process import announce, stop_on_signals

INGEST_PORT, SEARCH_PORT = 8400, 8401
UP = "up"
"""Name under which a supervisor announces that all its processes are ready."""


def up(
    data: DataOption = Path("data"),
    ingest_port: Annotated[
        int | None, typer.Option(help=f"Port of the ingest API. [default: {INGEST_PORT} or free]")
    ] = None,
    search_port: Annotated[
        int | None, typer.Option(help=f"Port of the search page. [default: {SEARCH_PORT} or free]")
    ] = None,
) -> None:
    """Start all services over one data folder and keep them running until Ctrl-C.

    Example:  jianbao up --data data
    """
    logging.basicConfig(level=logging.WARNING)
    data = data.resolve()
    ports = _port(ingest_port, INGEST_PORT, "--ingest-port"), _port(search_port, SEARCH_PORT, "--search-port")
    stopping = stop_on_signals()

    def ready(addresses: dict[str, Address]) -> None:
        ingest, search = addresses[INGEST_API], addresses[SEARCH_API]
        announce(data, UP, search.host, search.port)
        MESSAGES.print(f"ready: ingest {ingest.url} (API: {ingest.url}/docs), search page {search.url}")
        MESSAGES.print(f"data and logs in {data}; stop with Ctrl-C")

    try:
        open_embedded(data).close()  # makes the tables before several processes want to
        Supervisor(data, all_processes(*ports), lambda line: MESSAGES.print(line, markup=False)).run(stopping, ready)
    except (FatalError, NotADirectoryError, FileExistsError, PermissionError, FileNotFoundError) as error:
        fail(f"cannot serve {data}: {error}")
    MESSAGES.print("stopped: everything in hand was finished or given back")


def _port(wanted: int | None, usual: int, option: str) -> int:
    """Return the port to use. A port that was asked for must be free; the usual one gives way to any other."""
    if wanted is None:
        return usual if is_free(usual) else 0
    if wanted and not is_free(wanted):
        fail(f"port {wanted} is in use by another program; give another one with {option}, or 0 for any free one")
    return wanted
