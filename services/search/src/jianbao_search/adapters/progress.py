"""How far a rebuild of the index is: told by the indexer in a small file beside the index, read by the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of about so many records are done, and the rest takes about so many seconds."""

    done: int
    of: int
    left_s: float


def tell(index: Path, progress: Progress) -> None:
    """Tell how far the rebuild of the index folder is. Raises OSError."""
    new = _file(index).with_suffix(".new")
    new.write_text(json.dumps([progress.done, progress.of, progress.left_s]), encoding="ascii")
    new.replace(_file(index))


def told(index: Path) -> Progress | None:
    """Return how far the rebuild of the index folder is, or None where none is under way or it has not said so."""
    try:
        done, of, left_s = json.loads(_file(index).read_text("ascii"))
        return Progress(int(done), int(of), float(left_s))
    except (OSError, ValueError, TypeError):
        return None


def end(index: Path) -> None:
    """Say nothing more: the rebuild is done, or was given up. Raises OSError."""
    _file(index).unlink(missing_ok=True)


def _file(index: Path) -> Path:
    return index.with_name(f"{index.name}.progress.json")
