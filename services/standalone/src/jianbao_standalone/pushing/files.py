"""Which files of a folder are documents: what a system or an editor leaves there is passed over, and told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

Told = Callable[[str], None]
"""Is told, in a line, what is passed over and why."""

LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
"""Lower-cased names of files in which Windows and macOS keep how a folder looks."""

LOCK = "~$"
"""Office programs put it before the name of a document that is open."""


def left_by_a_program(name: str) -> bool:
    """Return whether a file of this name is no document, whoever gives it."""
    return name.lower() in LEFT_BY_SYSTEMS or name.startswith(LOCK)


def documents_below(folder: Path, told: Told) -> Iterator[Path]:
    """Yield the files below a folder in a stable order. Links to folders are not followed: they may lead round."""
    found: list[Path] = []
    for above, folders, names in os.walk(folder, onerror=lambda error: told(f"passed over {_why_not(error)}")):
        here = Path(above)
        for name in folders:
            if name.startswith("."):
                told(f"passed over {here / name}: a hidden folder")
            elif (here / name).is_symlink():
                told(f"passed over {here / name}: a link to a folder; give that folder itself")
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if why := _no_document(here / name):
                told(f"passed over {here / name}: {why}")
            else:
                found.append(here / name)
    yield from sorted(found)


def _why_not(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}"


def _no_document(path: Path) -> str | None:
    """Return why a path is no document, or None where it is one."""
    if left_by_a_program(path.name):
        return "left there by a program, no document"
    if path.name.startswith("."):
        return "a hidden file"
    if path.is_file():
        return None
    return "a link to nothing" if path.is_symlink() and not path.exists() else "no ordinary file"
