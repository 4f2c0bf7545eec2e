"""`jianbao up`: all services over one data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jianbao_standalone.addresses import Address, is_free
from jianbao_standalone.backup.errors import why
from jianbao_standalone.backup.newest import naming_backup
from jianbao_standalone.cli.options import MESSAGES, DataOption, fail
from jianbao_standalone.supervisor.audit_job import DEFAULT_PERIOD_S
from jianbao_standalone.supervisor.bootstrap import serve
from jianbao_standalone.supervisor.journal import Journal
from jianbao_standalone.supervisor.memory import DEFAULT_LIMIT_MIB
from jianbao_standalone.supervisor.port_owner import owner_of
from jianbao_standalone.supervisor.processes import INGEST_API, SEARCH_API
from jianbao_streaming import FatalError
from jianbao_streaming.process import announce, stop_on_signals

INGEST_PORT, SEARCH_PORT = 8400, 8401
UP = "up"
"""Name under which a supervisor announces that all its processes are ready."""


def up(
    data: DataOption = Path("data"),
    ingest_port: Annotated[
        int | None,
        typer.Option(help="Port of the ingest API.", min=0, max=65535, show_default=f"{INGEST_PORT}, or any free one"),
    ] = None,
    search_port: Annotated[
        int | None,
        typer.Option(help="Port of the search page.", min=0, max=65535, show_default=f"{SEARCH_PORT}, or any free one"),
    ] = None,
    memory_limit: Annotated[
        int, typer.Option(help="MiB of memory that one process may hold.", min=256, envvar="JIANBAO_MEMORY_LIMIT")
    ] = DEFAULT_LIMIT_MIB,
    audit_period: Annotated[
        float, typer.Option(help="Seconds between two audits; 0: none.", min=0.0, envvar="JIANBAO_AUDIT_PERIOD")
    ] = DEFAULT_PERIOD_S,
) -> None:
    """Start all services over one data folder and keep them running until Ctrl-C.

    Exit code 0: stopped as asked. 1: it cannot start or go on, and says why. 4: the data is damaged, and nothing was
    changed.

    Example:  jianbao up --data data
    """
    data = data.resolve()
    journal = Journal(data / "logs", lambda line: MESSAGES.print(line, markup=False))
    ingest, gave_way = _port(ingest_port, INGEST_PORT, "--ingest-port")
    search, gave_way_too = _port(search_port, SEARCH_PORT, "--search-port")
    stopping = stop_on_signals()

    def ready(addresses: dict[str, Address]) -> None:
        ingest, search = addresses[INGEST_API], addresses[SEARCH_API]
        announce(data, UP, search.host, search.port)
        for reason, address in ((gave_way, ingest), (gave_way_too, search)):
            if reason:
                journal.tell(f"{reason}: {address.port} is used instead")
        journal.tell(f"ready: ingest {ingest.url} (API: {ingest.url}/docs), search page {search.url}")
        journal.tell(f"data and logs in {data}; stop with Ctrl-C")

    try:
        serve(data, (ingest, search), journal.tell, stopping, ready, memory_limit, audit_period)
    except FatalError as error:
        fail(naming_backup(str(error), data), error.exit_code)
    except OSError as error:
        fail(f"cannot serve {data}: {why(error)}")
    journal.tell("stopped: everything in hand was finished or given back")


def _port(wanted: int | None, usual: int, option: str) -> tuple[int, str | None]:
    """Return the port to use (0: any free one), and why the usual one gave way, if it did.

    A port that was asked for must be free.
    """
    if wanted is None and not is_free(usual):
        return 0, f"port {usual} is in use by {owner_of(usual)}"
    if wanted and not is_free(wanted):
        fail(f"port {wanted} is in use by {owner_of(wanted)}; give another one with {option}, or 0 for any free one")
    return usual if wanted is None else wanted, None
