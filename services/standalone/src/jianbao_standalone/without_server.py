"""What the services make of files without any server, printed as records: one event a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer
from rich.progress import track

from jianbao_contracts import NormalizedBulletin
from jianbao_extract.processing import process
from jianbao_normalize.offline import InputFile, NotNormalized, normalize_files
from jianbao_standalone.cli.options import MESSAGES, WRONG_USAGE, fail, tell_passed_over
from jianbao_standalone.pushing.items import items_of_paths
from jianbao_streaming.clock import SystemClock
from jianbao_streaming.process import RUN_FOLDER
from jianbao_text.ik import DictionaryError, Segmenter, default_segmenter, load_words


def print_normalized(files: Sequence[Path], store: Path | None) -> int:
    """Print a NormalizedBulletin a file; return the exit code, 1 where a file made none."""
    return max((_print_or_tell(made) for made in _normalized(files, store)), default=0)


def print_extracted(files: Sequence[Path], store: Path | None) -> int:
    """Print an ExtractedBulletin a file; return the exit code, 1 where a file made none."""
    failed = 0
    for made in _normalized(files, store):
        if isinstance(made, NormalizedBulletin):
            typer.echo(process(made, at=made.normalized_at).model_dump_json())
        else:
            failed = _print_or_tell(made)
    return failed


def print_words(files: Sequence[Path], dictionaries: Sequence[Path], quantifiers: Path | None, *, smart: bool) -> None:
    """Print the words of each file as IK cuts them: spans in code points."""
    try:
        segmenter = _segmenter(dictionaries, quantifiers)
    except DictionaryError as error:
        fail(str(error), WRONG_USAGE)
    for item in items_of_paths(files, "local", tell_passed_over):
        if item.path is None:
            continue
        try:
            text = item.path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            fail(f"{item.path}: not UTF-8 ({error.reason} at byte {error.start}); run jianbao normalize first")
        tokens = segmenter.smart(text) if smart else segmenter.max_word(text)
        spans = [f"{token.start}-{token.end}" for token in tokens]
        record = {"source": item.source, "text": text, "ik_smart" if smart else "ik_max_word": spans}
        typer.echo(json.dumps(record, ensure_ascii=False))


def _normalized(files: Sequence[Path], store: Path | None) -> Iterator[NormalizedBulletin | NotNormalized]:
    if store is not None and (store / RUN_FOLDER).exists():
        fail(
            f"{store} is the data folder of a Jianbao; its bulletins would be decided here; give another folder",
            WRONG_USAGE,
        )
    items = [item for item in items_of_paths(files, "local", tell_passed_over) if item.path]
    shown = track(items, "normalizing", console=MESSAGES, disable=not MESSAGES.is_terminal)
    inputs = (InputFile(item.document_id, item.path.read_bytes(), item.media_type) for item in shown if item.path)
    return normalize_files(inputs, clock=SystemClock(), store=store)


def _print_or_tell(made: NormalizedBulletin | NotNormalized) -> int:
    """Print an event, or say why there is none; return 1 where there is none."""
    if isinstance(made, NormalizedBulletin):
        typer.echo(made.model_dump_json())
        return 0
    MESSAGES.print(f"{made.source}: {made.code}: {made.reason} ({made.message}{made.action})", markup=False)
    return 1


def _segmenter(dictionaries: Sequence[Path], quantifiers: Path | None) -> Segmenter:
    if not dictionaries and quantifiers is None:
        return default_segmenter()
    if not dictionaries:
        fail("--quantifiers needs --dictionary too", WRONG_USAGE)
    words = [word for path in dictionaries for word in load_words(path)]
    return Segmenter(words, load_words(quantifiers) if quantifiers else [])
