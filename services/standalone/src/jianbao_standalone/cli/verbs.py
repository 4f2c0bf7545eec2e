"""Verbs that are imported when they are called: `jianbao --help` must not wait for dictionaries and HTTP clients."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

TABLE: dict[str, tuple[str, str]] = {
    "up": (
        "jianbao_standalone.cli.up:up",
        "Start all services over one data folder and keep them running until Ctrl-C.",
    ),
    "push": ("jianbao_standalone.cli.push:push", "Push bulletins and tell what became of each."),
    "receipts": (
        "jianbao_standalone.cli.receipts:receipts",
        "Tell what became of pushes: those named, or an office's latest.",
    ),
    "withdraw": (
        "jianbao_standalone.cli.withdraw:withdraw",
        "Withdraw a bulletin: searches find it no more, and its text is not public any more.",
    ),
    "search": ("jianbao_standalone.cli.search:search", "Search what is indexed."),
    "normalize": (
        "jianbao_standalone.cli.documents:normalize",
        "Print one NormalizedBulletin a line for files or folders, in the order given.",
    ),
    "process": (
        "jianbao_standalone.cli.documents:process",
        "Print one ExtractedBulletin a line for files or folders, in the order given.",
    ),
    "analyze": (
        "jianbao_standalone.cli.documents:analyze",
        "Print the words that search sees, as IK cuts them: spans in code points, one JSON record a file.",
    ),
    "backup": (
        "jianbao_standalone.cli.backup:backup",
        "Copy a data folder while it is in use, or prove that such a copy is whole.",
    ),
    "restore": (
        "jianbao_standalone.cli.backup:restore",
        "Put a backup in the place of what a data folder holds; what was there is set aside, nothing is deleted.",
    ),
    "doctor": (
        "jianbao_standalone.cli.doctor:doctor",
        "Tell what runs, in which versions, what is wrong, and what to do about it. Changes nothing.",
    ),
    "demo": (
        "jianbao_standalone.cli.demo:demo",
        "Start everything, push what a manifest lists, tell what became of it, search, and serve until Ctrl-C.",
    ),
    "offices": (
        "jianbao_standalone.cli.offices:app",
        "Offices, their keys and how their duplicates are treated.",
    ),
    "topics": ("jianbao_standalone.cli.topics:app", "Topics of the log."),
    "tail": ("jianbao_standalone.cli.tail:tail", "Show the records of a topic; with -f also those to come."),
    "audit": (
        "jianbao_standalone.cli.audit:audit_verb",
        "Check that every accepted push is somewhere, and that index and receipts say what the log says.",
    ),
    "dlq": (
        "jianbao_standalone.cli.dlq:app",
        "Dead letters: what could not be handled, untouched, with the reason.",
    ),
}
"""Verb → the function (or Typer of several verbs) that does it, and its one line of help: the first of its docstring."""


def load(verb: str) -> Any:  # noqa: ANN401 - a command of the parser that typer keeps to itself
    """Import what does a verb and return its command."""
    module, _, name = TABLE[verb][0].partition(":")
    found = getattr(import_module(module), name)
    if isinstance(found, typer.Typer):
        command: Any = get_group(found)
    else:
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(verb)(found)
        command = get_command(alone)
    command.name = verb
    return command


class Verb(TyperCommand):
    """A line of the table; turns into the real command when it is called."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - handed through
        """Return the context of the real command."""
        return load(str(self.name)).make_context(*arguments, **options)


class Verbs(TyperGroup):
    """All verbs of the table."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - handed through
        super().__init__(**options)
        for name, (_, line) in TABLE.items():
            self.add_command(Verb(name, help=line), name)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - handed through
        """Run a verb. What a verb meets in the data and has no words of its own for is told in one line."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            _tell_what_was_met(error)
            raise


def _tell_what_was_met(error: Exception) -> None:
    """End in order where the data is damaged or cannot be read now; return where it is something else."""
    from jianbao_standalone.cli.options import fail
    from jianbao_streaming import FatalError, TransientError

    if isinstance(error, FatalError):
        fail(str(error), error.exit_code)
    if isinstance(error, TransientError):
        fail(f"this could not be done now: {error}; try it again")
