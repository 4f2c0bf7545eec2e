"""Putting a backup in the place of a data folder's content: prepared beside it, then renamed in, one step after another.

A kill at any point leaves the old state or the new one. DATA/run/restore.json says that a prepared restore is wanted;
while it is there, the next `jianbao up` or `jianbao restore` carries it out to its end. While files are being renamed
there is no database under its name at all, so that nothing takes half a state for a whole one.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import apsw

from jianbao_standalone import beijing
from jianbao_standalone.backup import accounts, names, snapshot
from jianbao_standalone.backup.errors import BackupError, why
from jianbao_standalone.backup.files import (
    copy,
    need_room,
    new_folder,
    remove_leftovers,
    sync_folder,
    sync_folders,
    write_whole,
)
from jianbao_standalone.backup.manifest import Manifest, newer_layouts
from jianbao_standalone.backup.plan import Plan, plan_file, read_plan, settle
from jianbao_standalone.backup.verifying import contradictions, read_manifest
from jianbao_standalone.layouts import KNOWN
from jianbao_standalone.office_keys import KEY_FOLDER
from jianbao_streaming import FatalError
from jianbao_streaming.engine import PAYLOAD_FOLDER
from jianbao_streaming.process import RUN_FOLDER
from jianbao_streaming.sqlite import DATABASE

INDEX_FOLDER = "index"
OWN_NAMES = {DATABASE, PAYLOAD_FOLDER, INDEX_FOLDER, KEY_FOLDER, RUN_FOLDER, "logs"}
PREPARED = "restore-"
BEFORE = "before-restore-"

PATIENCE_S = 10.0
"""How long other readers of the database (a `jianbao tail`, a backup) are waited for before a restore gives way."""


def acceptable(backup: Path) -> Manifest:
    """Return the contents of a backup that this program can use. Raises BackupError."""
    manifest = read_manifest(backup)
    if newer := newer_layouts(manifest.layouts, KNOWN):
        raise BackupError(
            f"{backup} was made by a newer Jianbao ({manifest.product_version}); its tables are newer than this program"
            f" knows: {', '.join(newer)}. Upgrade Jianbao, then restore; nothing was changed"
        )
    return manifest


def prepare(backup: Path, manifest: Manifest, data: Path) -> Plan:
    """Copy a backup into the data folder under a name of its own, proven whole, and write the plan down.

    Nothing that is there is touched. From here on the restore is wanted: `carry_out` does it. Raises BackupError.
    """
    at = snapshot.moment()
    try:
        check_is_ours(data)
        if pending(data):
            raise BackupError(f"another restore into {data} is under way; wait until it is done, then try again")
        (data / RUN_FOLDER).mkdir(parents=True, exist_ok=True)
        remove_leftovers(data, f"{PREPARED}*")
        need_room(data, manifest.bytes, "the restored files")
        name = names.free_name(f"{PREPARED}{names.stamp(at)}", (path.name for path in data.iterdir()))
        with new_folder(data / name) as prepared:
            _fill(backup, manifest, prepared)
            plan = Plan(
                prepared=name,
                before=names.free_name(f"{BEFORE}{names.stamp(at)}", (path.name for path in data.iterdir())),
                backup=str(backup.resolve()),
                made_at=manifest.made_at,
            )
            write_whole(plan_file(data), plan.model_dump_json())
    except OSError as error:
        raise BackupError(f"the restore was not begun, nothing was changed: {why(error)}") from error
    return plan


def carry_out(data: Path) -> str:
    """Do the restore that is planned in a data folder that nobody else uses now; return what to tell the operator.

    Where it cannot be done, all stays as it was, and the message says why. Raises FatalError where it is stuck half-way,
    which leaves the plan: called again, it goes on.
    """
    try:
        plan = read_plan(data)
        if plan is None:
            return "no restore is planned"
        prepared, before = data / plan.prepared, data / plan.before
        if (refused := _refusal(data, prepared)) is not None:
            told = settle(data, plan, restored=False, message=f"not restored, nothing was changed: {refused}")
        else:
            _exchange(data, prepared, before)
            told = settle(data, plan, restored=True, message="\n".join(_told(data, plan, before)))
        shutil.rmtree(prepared, ignore_errors=True)  # last: while the plan stands, its folder tells how far it came
    except (OSError, BackupError) as error:
        reason = why(error) if isinstance(error, OSError) else str(error)
        raise FatalError(
            f"the restore into {data} is not finished: {reason}. Mend that and run: jianbao up --data {data}; it goes on"
            " where this stopped, and nothing was lost"
        ) from error
    return told


def pending(data: Path) -> bool:
    """Return whether a restore waits to be carried out."""
    return plan_file(data).exists()


def _exchange(data: Path, prepared: Path, before: Path) -> None:
    """Rename what is there out of the way and what was prepared into its place; may be begun again at any point.

    The database goes first and comes last. Raises OSError.
    """
    if not (prepared / DATABASE).exists():
        return  # all was renamed by an earlier try
    parts = [part for part in (PAYLOAD_FOLDER, KEY_FOLDER) if (prepared / part).exists()]
    database = [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal"]
    for name in (*database, *parts, INDEX_FOLDER):
        _set_aside(data / name, before)
    sync_folder(data)
    for part in parts:
        (prepared / part).rename(data / part)
    sync_folder(data)
    (prepared / DATABASE).rename(data / DATABASE)
    sync_folder(data)


def _refusal(data: Path, prepared: Path) -> str | None:
    """Return why a planned restore must not begin, or None where it may or has begun already."""
    if not prepared.exists():
        return f"the prepared files in {prepared} are gone; run jianbao restore again"
    if (prepared / DATABASE).exists() and not _settled(data / DATABASE):
        return (
            "another program still has the database open (jianbao tail, backup or dlq?); end it and run jianbao restore"
            " again"
        )
    return None


def _set_aside(path: Path, before: Path) -> None:
    if not path.exists():
        return
    before.mkdir(mode=0o700, exist_ok=True)
    path.rename(before / names.free_name(path.name, (other.name for other in before.iterdir())))
    sync_folder(before)


def _settled(database: Path) -> bool:
    """Return whether the database that goes is whole in itself, or damaged anyway; False while others have it open."""
    deadline = time.monotonic() + PATIENCE_S
    while database.exists():
        try:
            if snapshot.use_alone(database):
                return True
        except apsw.Error:
            return True  # it is set aside as it is, with its -wal
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.1)
    return True


def _told(data: Path, plan: Plan, before: Path) -> list[str]:
    told = [f"restored: the state of {beijing.told(plan.made_at)}, from {plan.backup}"]
    if not before.exists():
        return told
    told.append(f"what was here before is in {before}; delete it once nobody misses anything")
    if (before / DATABASE).exists():
        try:
            told += accounts.compare(before / DATABASE, data / DATABASE).lines()
        except snapshot.READ_ERRORS as error:
            told.append(
                f"the database that was here before cannot be read ({error}), so what was pushed after the backup is"
                f" unknown: ask all offices to push again what they pushed since {beijing.told(plan.made_at)}"
            )
    return told


def _fill(backup: Path, manifest: Manifest, prepared: Path) -> None:
    (prepared / PAYLOAD_FOLDER).mkdir()
    for file in manifest.files:
        target = prepared / file.path
        if file.path.startswith(f"{KEY_FOLDER}/"):
            target.parent.mkdir(mode=0o700, exist_ok=True)
        if copy(backup / file.path, target) != (file.bytes, file.sha256):
            raise BackupError(f"{backup / file.path} is damaged; use another backup (nothing was changed)")
        if file.path.startswith(f"{KEY_FOLDER}/"):
            target.chmod(0o600)
    if wrong := contradictions(prepared / DATABASE, manifest):
        raise BackupError(f"{backup} is damaged: {wrong[0]}; use another backup (nothing was changed)")
    sync_folders(prepared)


def check_is_ours(data: Path) -> None:
    """Raise BackupError where a folder holds other things than a Jianbao's: a slip must not fill a home folder."""
    if data.exists() and (inside := {path.name for path in data.iterdir()}) and not inside & OWN_NAMES:
        raise BackupError(f"{data} is neither empty nor the data folder of a Jianbao; give another one with --data")
