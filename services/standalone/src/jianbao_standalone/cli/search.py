"""`jianbao search`: ask the search API from the command line."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.text import Text

from jianbao_standalone.cli.options import MESSAGES, RECORDS, JsonOption, OptionalDataOption, fail, whereabouts
from jianbao_standalone.clients import RefusedError, SearchClient, UnreachableError
from jianbao_standalone.supervisor.processes import SEARCH_API


def search(
    query: Annotated[str, typer.Argument(help='Words in either script; "exact phrase"; -not; OR.')],
    data: OptionalDataOption = None,
    url: Annotated[str | None, typer.Option(help="Address of the search API.")] = None,
    region: Annotated[str | None, typer.Option(help="A place (name or six digits), what lies in it included.")] = None,
    office: Annotated[str | None, typer.Option(help="Only bulletins of this office (id or name).")] = None,
    year: Annotated[int | None, typer.Option(help="Only bulletins of this year.")] = None,
    size: Annotated[int, typer.Option(help="How many hits.", min=1, max=100)] = 10,
    as_json: JsonOption = False,
) -> None:
    """Search what is indexed.

    Examples:
      jianbao search --data data 文明城市
      jianbao search --data data '"志願服務"' --region 江苏省 --year 2022
    """
    wanted = {"region": region, "office": office, "year": year, "size": size}
    filters = [(name, str(value)) for name, value in wanted.items() if value is not None]
    try:
        address = whereabouts(data, url, SEARCH_API)
        with SearchClient(address, told=lambda line: MESSAGES.print(line, markup=False)) as client:
            found = client.search(query, filters)
    except (RefusedError, UnreachableError) as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for hit in found["hits"]:
        show_hit(hit)
    MESSAGES.print(f"{found['total']} found in {found['took_ms']} ms", markup=False)


def show_hit(hit: dict[str, Any]) -> None:
    """Print one hit: title, where it is from, and the words around the match, marked."""
    issue = hit.get("issue") or {}
    number = f"第{issue['number']}期" if issue.get("number") else ""
    origin = " ".join(str(part) for part in (_office(hit), hit.get("series"), number, hit.get("published_on")) if part)
    RECORDS.print(Text(hit["title"] or hit["source"], style="bold"), Text(f"  {origin}", style="dim"))
    snippet = Text("    " + hit["snippet"]["original"].replace("\n", " "))
    for start, end in hit["snippet"]["marks"]:
        snippet.stylize("bold yellow", start + 4, end + 4)
    RECORDS.print(snippet)
    others = hit["cluster"]["others"]
    if others:
        more = hit["cluster"]["size"] - 1 - len(others)
        names = ", ".join(sorted({_office(other) for other in others}))
        RECORDS.print(Text(f"    also from {names}{f', and {more} more' if more > 0 else ''}", style="dim"))


def _office(told: dict[str, Any]) -> str:
    """Return what an office is called, else its id."""
    return str(told.get("office_name") or told["office"])
