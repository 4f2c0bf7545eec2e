"""Files and folders as a backup needs them: copied with their hash, synced, replaced in one step, room looked for."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jianbao_standalone.backup.errors import BackupError

CHUNK = 1024 * 1024

SPARE = 16 * 1024 * 1024
"""Bytes of room asked for beyond the files themselves: folders, rounding to blocks, what others write meanwhile."""


def copy(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file durably; return its size in bytes and the SHA-256 of what was read. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("xb") as writing:
        while chunk := reading.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return size, digest.hexdigest()


def sha256_of(path: Path) -> tuple[int, str]:
    """Return a file's size in bytes and the SHA-256 of its content. Raises OSError."""
    with path.open("rb") as reading:
        digest = hashlib.file_digest(reading, "sha256")
        return reading.tell(), digest.hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a small file durably and in one step: it is there whole, or as it was before. Raises OSError."""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as writing:
        writing.write(text)
        writing.flush()
        os.fsync(writing.fileno())
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where its file system can. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # drivers of foreign file systems sync files only
            raise
    finally:
        os.close(descriptor)


def sync_folders(top: Path) -> None:
    """Make the names in a folder and in all folders below it durable. Raises OSError."""
    for folder in (top, *(path for path in top.rglob("*") if path.is_dir())):
        sync_folder(folder)


def need_room(folder: Path, wanted: int, what: str) -> None:
    """Raise BackupError where the disk of a folder has not room for `wanted` bytes more."""
    free = shutil.disk_usage(folder).free
    if free < wanted + SPARE:
        raise BackupError(
            f"not enough room for {what} in {folder}: {mebibytes(wanted + SPARE)} MiB are needed and"
            f" {mebibytes(free)} MiB are free; free some or choose another disk (nothing was written)"
        )


def mebibytes(size: int) -> str:
    """Return bytes as MiB for people."""
    return f"{size / 2**20:.1f}" if size < 100 * 2**20 else f"{size / 2**20:.0f}"


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Make a folder that this process has in hand, so that nobody takes it for a leftover; it goes if the block fails."""
    folder.mkdir(mode=0o700)
    hand = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system locks folders
            fcntl.flock(hand, fcntl.LOCK_EX)
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        os.close(hand)


def remove_leftovers(folder: Path, pattern: str) -> list[str]:
    """Remove what interrupted runs left under names of a pattern and nobody has in hand; return the names."""
    gone = []
    for path in sorted(folder.glob(pattern)):
        hand = os.open(path, os.O_RDONLY)
        try:
            with suppress(OSError):  # another process has it in hand
                fcntl.flock(hand, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)
                gone.append(path.name)
        finally:
            os.close(hand)
    return gone
