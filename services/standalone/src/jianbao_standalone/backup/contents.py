"""What goes into a backup beside the database: payloads that the copied log refers to, and keys where asked for."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path

from jianbao_standalone.backup import snapshot
from jianbao_standalone.backup.files import copy, sha256_of
from jianbao_standalone.backup.manifest import BackedUpFile
from jianbao_standalone.office_keys import KEY_FOLDER
from jianbao_streaming.engine import PAYLOAD_FOLDER
from jianbao_streaming.payload_folder import NAME
from jianbao_streaming.sqlite import DATABASE

KEY_FILE = re.compile(r"[a-z0-9][a-z0-9-]*\.key")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be backed up, where to, and how.

    `link_payloads`: payloads are linked and not copied, which takes no room, on the disk of the data folder only.
    """

    data: Path
    to: Path
    with_keys: bool = False
    link_payloads: bool = False


class OvertakenError(Exception):
    """Retention has deleted a payload that the snapshot still refers to: a new snapshot is needed."""


def payload_path(name: str) -> str:
    """Return where a payload stands below a data folder or a backup."""
    return f"{PAYLOAD_FOLDER}/{name[:2]}/{name}"


def room_wanted(wanted: Wanted, payloads: list[str]) -> int:
    """Return how many bytes a backup takes at the most."""
    database = wanted.data / DATABASE
    paths = [database, database.with_name(f"{DATABASE}-wal")]
    if not wanted.link_payloads:
        paths += [wanted.data / payload_path(name) for name in payloads]
    return sum(path.stat().st_size for path in paths if path.exists())


def copy_payloads(wanted: Wanted, folder: Path, payloads: list[str]) -> tuple[list[BackedUpFile], list[str]]:
    """Copy payloads, each checked against its name; return what was copied and what is lost or damaged.

    A payload is written before the record that refers to it, so each was there at the snapshot's moment. Raises
    OvertakenError, OSError.
    """
    held, lost = [], []
    for name in payloads:
        if not NAME.fullmatch(name):
            lost.append(name)
            continue
        path = payload_path(name)
        try:
            copied = _copy_payload(wanted.data / path, folder / path, link=wanted.link_payloads)
        except FileNotFoundError:
            if not _still_needed(wanted.data, name):
                raise OvertakenError(name) from None
            copied = None
        if copied is not None and copied.sha256 == name:
            held.append(copied)
        else:
            (folder / path).unlink(missing_ok=True)
            lost.append(name)
    return held, lost


def copy_keys(wanted: Wanted, folder: Path) -> list[BackedUpFile]:
    """Copy the plain-text keys of local offices, readable by their owner only. Raises OSError."""
    copied = []
    for path in sorted((wanted.data / KEY_FOLDER).glob("*.key")):
        if KEY_FILE.fullmatch(path.name):
            target = folder / KEY_FOLDER / path.name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            size, digest = copy(path, target)
            target.chmod(0o600)
            copied.append(BackedUpFile(path=f"{KEY_FOLDER}/{path.name}", bytes=size, sha256=digest))
    return copied


def _copy_payload(source: Path, target: Path, *, link: bool) -> BackedUpFile | None:
    """Copy or link one payload; None where it is there and cannot be read. Raises OSError."""
    try:
        if link:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, target)
            size, digest = sha256_of(target)
        else:
            size, digest = copy(source, target)
    except OSError as error:
        if error.errno != errno.ENOENT and not _readable(source):
            return None  # one bad sector must not cost the whole backup
        raise
    return BackedUpFile(path=payload_path(source.name), bytes=size, sha256=digest)


def _readable(path: Path) -> bool:
    try:
        sha256_of(path)
    except OSError:
        return False
    return True


def _still_needed(data: Path, name: str) -> bool:
    with snapshot.reading(data / DATABASE) as connection:
        return snapshot.refers_to(connection, name)
