"""`jianbao demo`: the whole path once, on the sample bulletins, with what became of each and why."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from jianbao_contracts import identity
from jianbao_standalone.addresses import Address, read_address
from jianbao_standalone.cli.options import MESSAGES, RECORDS, DataOption, fail
from jianbao_standalone.cli.push_shown import Nothing
from jianbao_standalone.cli.speaking import clients_of
from jianbao_standalone.cli.up import UP
from jianbao_standalone.clients import RefusedError, SearchClient, UnreachableError
from jianbao_standalone.pushing.courier import Courier
from jianbao_standalone.pushing.items import ExpectedSearch, ManifestError, PushItem, read_manifest
from jianbao_standalone.pushing.rows import STATE_NAMES, Row, summary
from jianbao_standalone.supervisor.child import dying_with_parent
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.process import stop_on_signals

LONGEST_START_S = 120.0


def demo(
    manifest: Annotated[Path, typer.Argument(exists=True, help="What to push, and what to search for.")],
    data: DataOption = Path("data"),
    once: Annotated[bool, typer.Option("--once", help="Stop after the report.")] = False,
) -> None:
    """Start everything, push what a manifest lists, tell what became of it, search, and serve until Ctrl-C.

    Exit code 0 only if every receipt has its expected state and every search found what it should.

    Example:  jianbao demo seeds/manifest.json --data data --once
    """
    try:
        expected = read_manifest(manifest)
        with running(data.resolve()) as (page, process):
            pushed = push_all(expected.items, data)
            show_report(pushed)
            MESSAGES.print(summary(pushed), markup=False)
            with SearchClient(page.url) as client:
                found = [run_search(client, search) for search in expected.searches]
            good = all(found) and all(one.as_expected for one in pushed)
            MESSAGES.print(f"{sum(one.as_expected for one in pushed)} of {len(pushed)} receipts as expected")
            MESSAGES.print(f"{sum(found)} of {len(found)} searches found what they should")
            MESSAGES.print(f"search page: {page.url}")
            if not once:
                serve(process)
    except (ManifestError, UnreachableError, RefusedError) as error:
        fail(str(error))
    raise typer.Exit(0 if good else 1)


@contextmanager
def running(data: Path) -> Iterator[tuple[Address, subprocess.Popen[bytes]]]:
    """Run `jianbao up` over a folder; yield the address of the search page, and the process, once everything is ready."""
    command = [sys.executable, "-m", "jianbao_standalone", "up", "--data", str(data)]
    process = subprocess.Popen(command, preexec_fn=dying_with_parent())  # noqa: S603 - our own module
    try:
        deadline = time.monotonic() + LONGEST_START_S
        while (address := read_address(data, UP)) is None or address.pid != process.pid:
            if process.poll() is not None:
                fail("jianbao up ended before it was ready; its message stands above")
            if time.monotonic() > deadline:
                fail(f"not ready after {LONGEST_START_S:.0f} s; see the logs in {data / 'logs'}")
            time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait()


def push_all(items: Sequence[PushItem], data: Path) -> list[Row]:
    """Push items in order and return what became of each, once all are final."""
    courier = Courier(
        [Row(item) for item in items], clients_of(items, data, None, None), SystemClock(), Nothing().changed, lanes=1
    )
    courier.run(wait=True)
    courier.look_again()
    return courier.rows


def show_report(pushed: Sequence[Row]) -> None:
    """Print a table of what became of each push, and why."""
    table = Table("", "document", "state")
    table.add_column("what it exercises, and why it ended so", overflow="fold")
    for one in pushed:
        mark = "✓" if one.as_expected else f"✗ expected {one.item.expected_state}"
        table.add_row(
            mark,
            f"{one.item.office_name or one.item.office}\n{one.item.document_id}",
            f"{STATE_NAMES[one.state]}\n{one.state}",
            f"{one.item.exercises}\n{one.message}{one.action if one.failed else ''}".strip(),
        )
    RECORDS.print(table)


def run_search(client: SearchClient, search: ExpectedSearch) -> bool:
    """Run one search, print what it found, and return whether that is what should be found."""
    wanted = identity.bulletin_id(search.office, search.document_id, "")
    found = client.search(search.query)
    hits = found["hits"]
    place = next((number for number, hit in enumerate(hits, 1) if wanted in _bulletins(hit)), None)
    told = f"hit {place} of {found['total']}" if place else f"not among {found['total']}"
    first = f"; first: {hits[0]['title']}" if hits else ""
    good = place is None if search.absent else place is not None and search.other_office in _offices(hits[place - 1])
    typer.echo(f"{'✓' if good else '✗'} {search.query}  →  {told}{first}")
    return good


def _bulletins(hit: dict[str, Any]) -> set[str]:
    return {hit["bulletin_id"], *(other["bulletin_id"] for other in hit["cluster"]["others"])}


def _offices(hit: dict[str, Any]) -> set[str | None]:
    """The offices of a hit's cluster; None stands for no expectation."""
    return {None, hit["office"], *(other["office"] for other in hit["cluster"]["others"])}


def serve(process: subprocess.Popen[bytes]) -> None:
    """Return when asked to stop, or when everything stopped by itself."""
    stopping = stop_on_signals()
    MESSAGES.print("serving until Ctrl-C")
    while process.poll() is None and not stopping.wait(0.5):
        pass
    MESSAGES.print("stopping")
