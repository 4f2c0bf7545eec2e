"""The index folder: what it must hold to be trusted, and how a new one takes its place."""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import tantivy

from jianbao_search.adapters.schema import mapping, register

INDEX_FOLDER = "index"
MAPPING_FILE = "jianbao.json"
FOOTER_MAGIC = (1337).to_bytes(4, "little")
"""Last bytes of every segment file; before them the length of a JSON footer that holds the CRC-32 of the rest
(tantivy `directory/footer.rs`)."""

SEGMENT_FILES = ("fast", "fieldnorm", "idx", "pos", "store", "term")
"""Suffixes of the files of a segment beside its deletions (tantivy `index/segment_component.rs`)."""

T = TypeVar("T")


class DamagedIndexError(Exception):
    """The folder holds no index that can be used; the message says why. It has to be rebuilt."""


def guarded(act: Callable[[], T]) -> T:
    """Return what `act` returns; anything tantivy raises becomes DamagedIndexError.

    A damaged file may make it panic, which arrives as an exception outside of `Exception`.
    """
    try:
        return act()
    except (OSError, ValueError) as error:
        raise DamagedIndexError(f"{type(error).__name__}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedIndexError(f"panic: {error}") from error


def open_index(folder: Path) -> tantivy.Index:
    """Open an index of this code's mapping for reading. Raises DamagedIndexError."""
    try:
        found = json.loads((folder / MAPPING_FILE).read_bytes())["mapping"]
    except FileNotFoundError as error:
        raise DamagedIndexError(f"{folder} holds no finished index") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndexError(f"cannot read {folder / MAPPING_FILE}: {error}") from error
    if found != mapping():
        raise DamagedIndexError(f"the index has mapping {found}, this version needs {mapping()}")
    index = register(guarded(lambda: tantivy.Index.open(str(folder))))
    guarded(lambda: index.config_reader("manual"))
    return index


def is_whole(folder: Path) -> bool:
    """Return whether a finished index is there at all: two looks at the folder, cheap enough for every batch."""
    return (folder / MAPPING_FILE).exists() and (folder / "meta.json").exists()


def seems_sound(folder: Path) -> bool:
    """Return whether every committed file is there and ends as it should: some looks at the folder, for idle moments.

    A file cut short while it is read kills its readers, and no commit comes while nobody pushes: so it is looked for.
    """
    try:
        meta = (folder / "meta.json").read_bytes()
        if is_whole(folder) and all(_ends_well(folder / name) for name in guarded(lambda: _committed(folder))):
            return True
        return (folder / "meta.json").read_bytes() != meta  # a commit came in between, and took files away
    except (OSError, DamagedIndexError):
        return False


def _ends_well(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            opened.seek(-len(FOOTER_MAGIC), os.SEEK_END)
            return opened.read() == FOOTER_MAGIC
    except OSError:  # it is not there, or shorter than that
        return False


def check(folder: Path) -> None:
    """Read every committed file of an index and compare it with its checksum. Raises DamagedIndexError.

    A process that is killed while it writes or merges leaves segments cut short that no commit names. They are no damage:
    the next commit takes them away, and to rebuild for them would make every kill as dear as the whole index.
    """
    index = open_index(folder)
    guarded(lambda: index.searcher().search(tantivy.Query.all_query(), limit=1))
    committed = guarded(lambda: _committed(folder))
    for file in folder.iterdir():
        if file.name.startswith(committed) and not _is_whole(file):
            raise DamagedIndexError(f"{file} is damaged")


def _committed(folder: Path) -> tuple[str, ...]:
    """Return what the names of all files of the last commit begin with; deletions are named after their commit, too."""
    beginnings: list[str] = []
    for segment in json.loads((folder / "meta.json").read_bytes())["segments"]:
        name, deletes = segment["segment_id"].replace("-", ""), segment["deletes"]
        beginnings += [f"{name}.{suffix}" for suffix in SEGMENT_FILES]
        beginnings += [f"{name}.{deletes['opstamp']}.del"] if deletes else []
    return tuple(beginnings)


def _is_whole(file: Path) -> bool:
    if file.stat().st_size < len(FOOTER_MAGIC) + 4:
        return False
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content[-4:] != FOOTER_MAGIC:
            return False
        end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
        try:
            expected = json.loads(content[max(end, 0) : -8])["crc"]
        except (ValueError, KeyError, TypeError):
            return False
        with memoryview(content) as whole:
            return bool(expected == zlib.crc32(whole[:end]))


def finish(folder: Path) -> None:
    """Mark a newly filled folder as complete."""
    _synced(folder / MAPPING_FILE, json.dumps({"mapping": mapping()}).encode())


def swap(new: Path, folder: Path) -> None:
    """Put a finished folder in the place of another, which goes. Readers see none for a moment, never half of one."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    _sync_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def only_writer(folder: Path) -> Iterator[bool]:
    """Yield whether this process may write the index now; nobody else may until the block ends.

    The lock is the kernel's: it goes with the process, however that ends.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _synced(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
