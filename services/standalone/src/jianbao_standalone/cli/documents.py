"""`jianbao normalize`, `process` and `analyze`: what the services make of files, without any server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from jianbao_contracts import NormalizedBulletin
from jianbao_extract.processing import process as extract
from jianbao_normalize.offline import InputFile, NotNormalized, normalize_files
from jianbao_standalone.cli.options import MESSAGES, WRONG_USAGE, fail
from jianbao_standalone.push_items import items_of_paths
from jianbao_streaming.clock import SystemClock
from jianbao_text.ik import DictionaryError, Segmenter, Token, default_segmenter, load_words

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

    Example:  jianbao normalize seeds/ | jq -r .text
    """
    failed = False
    for made in _normalized(files, store):
        failed |= _print_or_tell(made)
    raise typer.Exit(1 if failed else 0)


def process(files: FilesArgument, store: StoreOption = None) -> None:
    """Print one ExtractedBulletin a line for files or folders, in the order given.

    Example:  jianbao process seeds/ | jq '.articles[].title'
    """
    failed = False
    for made in _normalized(files, store):
        if isinstance(made, NormalizedBulletin):
            typer.echo(extract(made, at=made.normalized_at).model_dump_json())
        else:
            failed |= _print_or_tell(made)
    raise typer.Exit(1 if failed else 0)


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
    try:
        segmenter = _segmenter(dictionary or [], quantifiers)
    except DictionaryError as error:
        fail(str(error), WRONG_USAGE)
    for item in items_of_paths(files, "local"):
        if item.path is None:
            continue
        try:
            text = item.path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            fail(f"{item.path}: not UTF-8 ({error.reason} at byte {error.start}); run jianbao normalize first")
        tokens = segmenter.max_word(text) if mode is Mode.max else segmenter.smart(text)
        record = {
            "source": item.source,
            "text": text,
            f"ik_{'max_word' if mode is Mode.max else 'smart'}": _spans(tokens),
        }
        typer.echo(json.dumps(record, ensure_ascii=False))


def _normalized(files: Sequence[Path], store: Path | None) -> Iterator[NormalizedBulletin | NotNormalized]:
    items = [item for item in items_of_paths(files, "local") if item.path]
    shown = track(items, "normalizing", console=MESSAGES, disable=not MESSAGES.is_terminal)
    inputs = (InputFile(item.document_id, item.path.read_bytes(), item.media_type) for item in shown if item.path)
    return normalize_files(inputs, clock=SystemClock(), store=store)


def _print_or_tell(made: NormalizedBulletin | NotNormalized) -> bool:
    """Print an event, or say why there is none; return whether there is none."""
    if isinstance(made, NormalizedBulletin):
        typer.echo(made.model_dump_json())
        return False
    MESSAGES.print(f"{made.source}: {made.code}: {made.reason} ({made.message}{made.action})", markup=False)
    return True


def _segmenter(dictionaries: Sequence[Path], quantifiers: Path | None) -> Segmenter:
    if not dictionaries and quantifiers is None:
        return default_segmenter()
    if not dictionaries:
        fail("--quantifiers needs --dictionary too", WRONG_USAGE)
    words = [word for path in dictionaries for word in load_words(path)]
    return Segmenter(words, load_words(quantifiers) if quantifiers else [])


def _spans(tokens: Sequence[Token]) -> list[str]:
    return [f"{token.start}-{token.end}" for token in tokens]
