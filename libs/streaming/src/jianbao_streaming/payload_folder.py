"""The payload store on one machine: a folder of files named by the SHA-256 of what they hold."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from jianbao_streaming.ports import LogUnavailableError, PayloadMissingError

NAME = re.compile(r"[0-9a-f]{64}")

Writing = tuple[int, int]
"""What tells one writing of a file from another: inode and time of change."""


class FolderPayloads:
    """See `jianbao_streaming.ports.Payloads`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Write and sync the file and its folder, then return its name. Raises LogUnavailableError (disk full)."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        try:
            path.parent.mkdir(exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as new:
                try:
                    new.write(content)
                    new.flush()
                    os.fsync(new.fileno())
                    with self._locked(path.parent, fcntl.LOCK_SH):
                        Path(new.name).replace(path)  # also where it exists: so it counts as new, and is not collected
                except OSError:
                    Path(new.name).unlink(missing_ok=True)
                    raise
            _sync_folder(path.parent)
            _sync_folder(self._folder)
        except OSError as error:
            raise LogUnavailableError(f"cannot store a payload of {len(content)} bytes: {error}") from error
        return name

    def get(self, name: str) -> bytes:
        """Return the file's content, checked against its name."""
        if not NAME.fullmatch(name):
            raise PayloadMissingError(f"{name!r} is not the name of a payload")
        try:
            content = self._path(name).read_bytes()
        except FileNotFoundError:
            if not self._folder.is_dir():  # not one file is missing, but the place: nothing may be concluded from it
                raise LogUnavailableError(f"the folder {self._folder} is gone; bring it back") from None
            raise PayloadMissingError(f"payload {name} is not in {self._folder}") from None
        except OSError as error:
            raise LogUnavailableError(f"cannot read payload {name}: {error}") from error
        if hashlib.sha256(content).hexdigest() != name:
            raise PayloadMissingError(f"payload {name} is damaged: its content has another SHA-256")
        return content

    def orphans(self, is_referred_to: Callable[[str], bool]) -> dict[Path, Writing]:
        """Return the files that nothing refers to now, each with the writing that made it."""
        found = {}
        for path in self._folder.glob("??/*"):
            if not (NAME.fullmatch(path.name) and is_referred_to(path.name)):
                with suppress(FileNotFoundError):
                    found[path] = _writing(path)
        return found

    def delete(self, path: Path, made_by: Writing) -> bool:
        """Delete a file unless it was written anew since; return whether it went."""
        with self._locked(path.parent, fcntl.LOCK_EX), suppress(FileNotFoundError):
            if _writing(path) == made_by:
                path.unlink()
                return True
        return False

    @contextmanager
    def _locked(self, folder: Path, kind: int) -> Iterator[None]:
        """Hold a lock of a folder: shared for putting a file in its place, exclusive for taking one away."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _writing(path: Path) -> Writing:
    told = path.stat()
    return told.st_ino, told.st_mtime_ns


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
