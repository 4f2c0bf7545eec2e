"""`jianbao normalize`, `process` and `analyze`: what the services make of files, without any server.

The work is imported when a verb runs: it loads rules and dictionaries for half a second that other verbs need not wait.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE|DIR...", exists=True)]
StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="Folder of bulletins already known, for revisions and copies; default: a fresh one."),
]


class Mode(StrEnum):
    """How finely to cut: all words there are, or one reading."""

    max = "max"
    smart = "smart"


def normalize(files: FilesArgument, store: StoreOption = None) -> None:
    """Print one NormalizedBulletin a line for files or folders, in the order given.

    A file that holds no bulletin is told on standard error, and the exit code is 1.

    Example:  jianbao normalize seeds/01-two-articles.txt | jq -r .text
    """
    from jianbao_standalone.without_server import print_normalized

    raise typer.Exit(print_normalized(files, store))


def process(files: FilesArgument, store: StoreOption = None) -> None:
    """Print one ExtractedBulletin a line for files or folders, in the order given.

    A file that holds no bulletin is told on standard error, and the exit code is 1.

    Example:  jianbao process seeds/01-two-articles.txt | jq '.articles[].title'
    """
    from jianbao_standalone.without_server import print_extracted

    raise typer.Exit(print_extracted(files, store))


def analyze(
    files: FilesArgument,
    mode: Annotated[Mode, typer.Option(help="max: all words; smart: one reading.")] = Mode.max,
    dictionary: Annotated[
        list[Path] | None,
        typer.Option(help="Word lists that replace the embedded ones (one word a line).", exists=True),
    ] = None,
    quantifiers: Annotated[
        Path | None, typer.Option(help="List of measure words that replaces the embedded one.", exists=True)
    ] = None,
) -> None:
    """Print the words that search sees, as IK cuts them: spans in code points, one JSON record a file.

    The text is taken as it is.

    Example:  jianbao analyze --mode smart bulletin.txt
    """
    from jianbao_standalone.without_server import print_words

    print_words(files, dictionary or [], quantifiers, smart=mode is Mode.smart)
