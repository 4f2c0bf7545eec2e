"""Making a backup while everything runs: the database as it was at one moment, then the payloads it refers to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import apsw

from jianbao_standalone.backup import names, snapshot
from jianbao_standalone.backup.contents import OvertakenError, Wanted, copy_keys, copy_payloads, room_wanted
from jianbao_standalone.backup.errors import BackupError, DamagedDataError, why
from jianbao_standalone.backup.files import (
    need_room,
    new_folder,
    remove_leftovers,
    sha256_of,
    sync_folder,
    sync_folders,
    write_whole,
)
from jianbao_standalone.backup.manifest import MANIFEST, BackedUpFile, BackedUpTopic, Manifest
from jianbao_standalone.backup.verifying import contradictions, read_manifest
from jianbao_streaming.process import RUN_FOLDER
from jianbao_streaming.sqlite import DATABASE

LAST_BACKUP = "last-backup.json"
"""Note in DATA/run on the last complete backup, for `jianbao doctor`: its path and its manifest without files."""

TRIES = 3
"""Snapshots taken before giving up. One is given up where retention deleted a payload between snapshot and copy; that
runs once an hour."""


def make(wanted: Wanted, tell: Callable[[str], None]) -> tuple[Path, Manifest]:
    """Make a backup; return its folder and contents. Raises BackupError: then nothing is left that looks like a backup.

    `tell` gets a line on whatever an operator should know meanwhile.
    """
    if not (wanted.data / DATABASE).is_file():
        raise BackupError(f"no Jianbao data in {wanted.data}; give its folder with --data or JIANBAO_DATA")
    if not wanted.link_payloads and wanted.to.resolve().is_relative_to(wanted.data.resolve()):
        raise BackupError(
            f"{wanted.to} lies in the data folder itself, so the backup would be lost with it; give a folder elsewhere,"
            " best on another disk"
        )
    try:
        wanted.to.mkdir(exist_ok=True)
        for name in remove_leftovers(wanted.to, f"jianbao-*{names.UNFINISHED}"):
            tell(f"removed {name}: an interrupted backup had left it")
        for _ in range(TRIES):
            with suppress(OvertakenError):
                return _make_once(wanted, tell)
    except FileNotFoundError as error:
        raise BackupError(f"{error.filename} is not there; is the disk for backups mounted?") from error
    except OSError as error:
        raise BackupError(f"the backup was not made: {why(error)}") from error
    raise BackupError(f"payloads were deleted while they were copied, {TRIES} times over; run the backup again")


def _make_once(wanted: Wanted, tell: Callable[[str], None]) -> tuple[Path, Manifest]:
    made_at = snapshot.moment()  # before the snapshot: what was acknowledged earlier than this is surely in it
    with new_folder(_unfinished(wanted.to, made_at)) as folder:
        manifest = _fill(wanted, folder, made_at)
        if wrong := contradictions(folder / DATABASE, manifest):
            raise DamagedDataError(
                f"the database in {wanted.data} is damaged, so this was no good backup and is not kept: {' '.join(wrong[0].split())};"
                " restore the last good one: jianbao restore BACKUP"
            )
        write_whole(folder / MANIFEST, manifest.to_json())
        sync_folders(folder)
        done = folder.with_name(folder.name.removesuffix(names.UNFINISHED))
        folder.rename(done)
    sync_folder(done.parent)
    if not wanted.link_payloads:  # what is linked dies with the disk of the data: no backup to rest on
        _note(wanted.data, done, manifest, tell)
    return done, manifest


def _fill(wanted: Wanted, folder: Path, made_at: datetime) -> Manifest:
    """Copy everything into a new folder, and return what it holds."""
    with snapshot.reading(wanted.data / DATABASE) as source:
        payloads = snapshot.payloads_referred_to(source)
        need_room(wanted.to, room_wanted(wanted, payloads), "the backup")
        layouts, topics = snapshot.stored_layouts(source), snapshot.topic_counts(source)
        snapshot.copy_database(source, folder / DATABASE)
    # The read is over: SQLite may use its -wal file afresh while payloads are copied.
    with (folder / DATABASE).open("rb") as copied:
        os.fsync(copied.fileno())
    size, digest = sha256_of(folder / DATABASE)
    files, missing = copy_payloads(wanted, folder, payloads)
    if wanted.with_keys:
        files += copy_keys(wanted, folder)
    return Manifest(
        made_at=made_at,
        product_version=version("jianbao-standalone"),
        sqlite_version=apsw.sqlite_lib_version(),
        layouts=layouts,
        data_folder=str(wanted.data.resolve()),
        with_keys=wanted.with_keys,
        topics={name: BackedUpTopic(records=t.records, first=t.first, end=t.end) for name, t in topics.items()},
        files=[BackedUpFile(path=DATABASE, bytes=size, sha256=digest), *files],
        missing_payloads=missing,
    )


def prune(done: Path, manifest: Manifest, keep: int) -> list[str]:
    """Remove all but the `keep` newest complete backups of the same data folder beside `done`; return their names."""
    beside: list[tuple[datetime, str]] = []
    for path in done.parent.iterdir():
        with suppress(BackupError):
            if names.is_complete(path.name) and (other := read_manifest(path)).data_folder == manifest.data_folder:
                beside.append((other.made_at, path.name))
    gone = names.too_many(beside, keep)
    for name in gone:
        leaving = done.parent / f"{name}{names.UNFINISHED}"
        try:
            (done.parent / name).rename(leaving)  # killed in between, it is a leftover and no backup
            shutil.rmtree(leaving)
        except OSError as error:
            raise BackupError(f"an old backup could not be removed: {why(error)}") from error
    return gone


def _unfinished(to: Path, at: datetime) -> Path:
    taken = [path.name.removesuffix(names.UNFINISHED) for path in to.iterdir()]
    return to / f"{names.free_name(f'jianbao-{names.stamp(at)}', taken)}{names.UNFINISHED}"


def _note(data: Path, done: Path, manifest: Manifest, tell: Callable[[str], None]) -> None:
    """Leave word in the data folder, so that `jianbao doctor` knows how old the last backup is."""
    told = manifest.model_copy(update={"files": [], "data_folder": str(done.resolve())})
    try:
        write_whole(data / RUN_FOLDER / LAST_BACKUP, told.to_json())
    except OSError as error:
        tell(f"`jianbao doctor` will not know of this backup: {why(error)}")
