"""The filters of `jianbao dlq`, the same for every verb."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from jianbao_standalone.beijing import moment
from jianbao_standalone.cli.options import WRONG_USAGE, fail
from jianbao_standalone.dead_letters.filter import Filter, place
from jianbao_standalone.stages import NAMES

DONE_TOO = "done_too"

OPTIONS: dict[str, Any] = {
    "places": Annotated[
        list[str] | None, typer.Argument(metavar="[PLACE]...", help="Dead letters by place: STAGE/PARTITION/OFFSET.")
    ],
    "stage": Annotated[str | None, typer.Option(help=f"Only of this stage: {', '.join(NAMES)}.")],
    "code": Annotated[str | None, typer.Option(help="Only with this code, e.g. not_text.")],
    "error_type": Annotated[str | None, typer.Option(help="Only with this type of error, e.g. KeyError.")],
    "office": Annotated[str | None, typer.Option(help="Only of this office.")],
    "since": Annotated[
        str | None, typer.Option(help="Only what failed since: 90m, 2h, 7d, 2026-11-22, 2026-11-22T08:30 (Beijing).")
    ],
    "until": Annotated[str | None, typer.Option(help="Only what failed before; written as --since.")],
    "bulletin": Annotated[str | None, typer.Option(help="Only of this bulletin id.")],
    "push": Annotated[str | None, typer.Option(help="Only of this push id.")],
    DONE_TOO: Annotated[
        bool,
        typer.Option("--all", help="list, stats: also those replayed or dropped; replay, drop: all that are open."),
    ],
}

LimitOption = Annotated[int | None, typer.Option(help="At most so many, the oldest first.", min=1)]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")]
ReasonOption = Annotated[str | None, typer.Option(help="Why, for the audit line.")]


def filtered(verb: Callable[..., None]) -> Callable[..., None]:
    """Return a verb that takes all filters in place of its parameter `wanted`, a Filter."""
    hints = get_type_hints(verb, include_extras=True)
    own = [
        one.replace(annotation=hints[name])
        for name, one in inspect.signature(verb).parameters.items()
        if name != "wanted"
    ]
    filters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint, default=None)
        for name, hint in OPTIONS.items()
    ]
    filters[-1] = filters[-1].replace(default=False)

    @wraps(verb)
    def asked(**given: Any) -> None:  # noqa: ANN401 - what the parser read, by the types in OPTIONS
        verb(wanted=_filter(**{name: given.pop(name) for name in OPTIONS}), **given)

    parameters = [*filters, *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own)]
    asked.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    asked.__annotations__ = {one.name: one.annotation for one in parameters}
    del asked.__wrapped__  # or the parser would read the parameters of `verb`
    return asked


def _filter(
    *,
    places: list[str] | None,
    since: str | None,
    until: str | None,
    stage: str | None,
    **others: Any,  # noqa: ANN401
) -> Filter:
    """Return the filter that was asked for; ends with code 2 where it cannot be meant."""
    if stage is not None and stage not in NAMES:
        fail(f"no stage is named {stage!r}; known: {', '.join(NAMES)}", WRONG_USAGE)
    now = datetime.now(UTC)
    try:
        return Filter(
            stage=stage,
            since=moment(since, now) if since else None,
            until=moment(until, now) if until else None,
            places=frozenset(place(one) for one in places or ()),
            **others,
        )
    except (ValueError, OverflowError) as error:
        fail(str(error), WRONG_USAGE)
