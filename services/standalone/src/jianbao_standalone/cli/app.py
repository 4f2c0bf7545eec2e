"""The `jianbao` command; its verbs stand in `verbs.TABLE`."""

from __future__ import annotations

import typer

from jianbao_standalone.cli.verbs import Verbs

app = typer.Typer(
    cls=Verbs,
    help="Jianbao (简报): official bulletins in, clean, structured, searchable documents out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def jianbao() -> None:
    """Hold the verbs: typer takes a Typer without a command of its own for an empty one."""
