"""`jianbao backup` and `jianbao restore`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jianbao_standalone.cli.options import MESSAGES, WRONG_USAGE, DataOption, JsonOption, fail

if TYPE_CHECKING:
    from jianbao_standalone.backup.manifest import Manifest

LONGEST_RESTORE_S = 120.0
"""How long the processes are waited for that a running Jianbao stops before the files are exchanged."""


def backup(
    to: Annotated[Path | None, typer.Argument(help="Folder that backups go to, e.g. on a USB stick.")] = None,
    data: DataOption = Path("data"),
    keep: Annotated[int, typer.Option(min=0, help="Remove older backups of this folder but so many; 0: none.")] = 0,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Also the plain-text keys of local offices: guard that backup well.")
    ] = False,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="BACKUP", help="Make none, but prove that this one is whole.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Copy a data folder while it is in use, or prove that such a copy is whole.

    The path of the backup goes to standard output.

    Example:  jianbao backup /media/usb --keep 8

    Example:  jianbao backup --verify /media/usb/jianbao-20261122T101530Z
    """
    if (to is None) == (verify is None):
        fail("say where to: jianbao backup TO; or which one to prove: jianbao backup --verify BACKUP", WRONG_USAGE)
    if verify is not None:
        _verify(verify, as_json=as_json)
    elif to is not None:
        _make(to, data, keep, with_keys=with_keys, as_json=as_json)


def restore(
    backup: Annotated[Path, typer.Argument(help="A backup as `jianbao backup` printed its path.")],
    data: DataOption = Path("data"),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, also where the folder is being served.")] = False,
) -> None:
    """Put a backup in the place of what a data folder holds; what was there is set aside, nothing is deleted.

    A running Jianbao stops for it and starts again by itself.

    Example:  jianbao restore /media/usb/jianbao-20261122T101530Z --data data
    """
    from jianbao_standalone.backup import BackupError, alone, plan, restoring
    from jianbao_streaming import FatalError

    try:
        manifest = restoring.acceptable(backup)
        restoring.check_is_ours(data)
        with alone.folder_for_itself(data) as served_by:
            if served_by is not None:
                _ask(data, served_by, yes=yes)
            elif restoring.pending(data):
                MESSAGES.print("an earlier restore was interrupted and is finished first", markup=False)
                MESSAGES.print(restoring.carry_out(data), markup=False)
            _tell(manifest)
            planned = restoring.prepare(backup, manifest, data)
            if served_by is None:
                restoring.carry_out(data)
        if served_by is not None:
            _wait(data)
        result = plan.read_result(data, planned)
    except (BackupError, FatalError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}; check that the folder may be written")
    if result is None or not result.restored:
        fail(result.message if result else "not restored: another restore came in between")
    MESSAGES.print(result.message, markup=False)
    if served_by is None:
        MESSAGES.print(f"start it: jianbao up --data {data}", markup=False)


def _make(to: Path, data: Path, keep: int, *, with_keys: bool, as_json: bool) -> None:
    from jianbao_standalone.backup import BackupError, making
    from jianbao_standalone.backup.contents import Wanted
    from jianbao_standalone.backup.newest import naming_backup

    try:
        done, manifest = making.make(Wanted(data, to, with_keys=with_keys), lambda line: MESSAGES.print(line))
        removed = making.prune(done, manifest, keep) if keep and not manifest.missing_payloads else []
    except BackupError as error:
        fail(naming_backup(str(error), data), error.exit_code)
    typer.echo(_record(done, manifest) if as_json else str(done))
    _tell(manifest)
    if removed:
        MESSAGES.print(f"removed older backups: {', '.join(removed)}", markup=False)
    if done.stat().st_dev == data.stat().st_dev:
        MESSAGES.print(
            "note: it is on the same disk as the data, so it dies with that disk; copy it to another one too"
        )
    if lost := manifest.missing_payloads:
        fail(
            f"the backup is as good as the data: {len(lost)} payloads that the log refers to are lost or damaged, e.g."
            f" {lost[0]}; see: jianbao doctor --data {data}"
        )


def _verify(folder: Path, *, as_json: bool) -> None:
    from jianbao_standalone.backup import BackupError
    from jianbao_standalone.backup.verifying import verify

    try:
        verdict = verify(folder)
    except BackupError as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps({"backup": str(folder), "problems": verdict.problems, "notes": verdict.notes}))
    for line in (*verdict.notes, *verdict.problems):
        MESSAGES.print(line, markup=False)
    if verdict.problems:
        fail(f"{folder} is not whole; use another backup, and make a new one now")
    _tell(verdict.manifest)
    MESSAGES.print(f"whole: every file is as it was written, and the database is sound ({folder})", markup=False)


def _tell(manifest: Manifest) -> None:
    from jianbao_standalone.backup.files import mebibytes
    from jianbao_standalone.beijing import told
    from jianbao_standalone.counted import counted, pushes

    pushed = sum(topic.end for name, topic in manifest.topics.items() if name.startswith("bulletins.raw"))
    MESSAGES.print(
        f"backup of {told(manifest.made_at)}: {pushes(pushed)}, {counted(len(manifest.files) - 1, 'file')} of payloads and keys,"
        f" {mebibytes(manifest.bytes)} MiB, written by Jianbao {manifest.product_version}",
        markup=False,
    )


def _record(done: Path, manifest: Manifest) -> str:
    told = manifest.model_dump(mode="json", exclude={"files"})
    return json.dumps({"backup": str(done), "files": len(manifest.files), "bytes": manifest.bytes, **told})


def _ask(data: Path, served_by: int, *, yes: bool) -> None:
    question = f"process {served_by} serves {data}; it will stop, restore and start again. Go on?"
    if yes:
        return
    if not sys.stdin.isatty():
        fail(
            f"process {served_by} serves {data}: stop it first, or give --yes to have it stop, restore and start again"
        )
    if not typer.confirm(question, err=True):
        fail("nothing was changed")


def _wait(data: Path) -> None:
    """Wait until the supervisor has carried the restore out; do it in its place if it has ended meanwhile."""
    from jianbao_standalone.backup import alone, restoring

    MESSAGES.print("the running Jianbao stops, exchanges the files and starts again…")
    deadline = time.monotonic() + LONGEST_RESTORE_S
    while restoring.pending(data):
        with alone.folder_for_itself(data) as served_by:
            if served_by is None and restoring.pending(data):
                restoring.carry_out(data)
                MESSAGES.print(f"it had ended meanwhile; start it again: jianbao up --data {data}", markup=False)
        if time.monotonic() > deadline:
            fail(
                f"process {served_by} has not taken the restore up; stop it (Ctrl-C or kill {served_by}) and start it"
                f" again: jianbao up --data {data} then does the restore first"
            )
        time.sleep(0.1)
