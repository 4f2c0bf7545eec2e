"""The payload store on one machine: a folder of files named by the SHA-256 of what they hold."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from jianbao_streaming.ports import LogUnavailableError, PayloadMissingError

NAME = re.compile(r"[0-9a-f]{64}")


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
                    Path(new.name).replace(path)  # also where it exists: its age starts again, so it is not collected
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
            raise PayloadMissingError(f"payload {name} is not in {self._folder}") from None
        if hashlib.sha256(content).hexdigest() != name:
            raise PayloadMissingError(f"payload {name} is damaged: its content has another SHA-256")
        return content

    def collect(self, is_referred_to: Callable[[str], bool], written_before: datetime) -> int:
        """Delete payloads that nothing refers to; return how many.

        `written_before` spares the young ones: a payload is written before the record that will refer to it.
        """
        gone = 0
        for path in self._folder.glob("??/*"):
            if path.stat().st_mtime >= written_before.timestamp():
                continue
            if not (NAME.fullmatch(path.name) and is_referred_to(path.name)):
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
