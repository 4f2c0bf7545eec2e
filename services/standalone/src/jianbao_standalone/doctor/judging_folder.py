"""What the state of the folder and its disk means. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jianbao_standalone.doctor.findings import Finding, note, ok, problem
from jianbao_standalone.doctor.words import size, span
from jianbao_standalone.supervisor.space import FULL_BYTES, LOW_BYTES

NETWORK_DRIVES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs"})
"""File systems on which locks and shared memory of several processes cannot be relied on (https://sqlite.org/wal.html)."""

LARGE_WAL = 256 * 1024 * 1024
"""SQLite keeps the -wal file at some MiB unless something reads for minutes without a pause."""

BACKUP_WANTED = timedelta(days=8)
"""A weekly backup that was made a day late is no reason for a word."""

BACKUP_OVERDUE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of a folder: bytes free, file system type ("" where unknown), and whether it can be written."""

    free: int
    kind: str
    read_only: bool
    writable: bool


def judge_disk(disk: Disk, data: str) -> Iterator[Finding]:
    """Yield what the disk can still take, and whether it is one to rely on."""
    if disk.read_only:
        yield problem(
            "disk",
            "the disk is read-only",
            "pushes are answered 503; Linux makes a disk read-only when it meets errors on it",
            "dmesg | tail",
        )
    elif not disk.writable:
        yield problem(
            "disk",
            f"this user may not write {data}",
            "services of this user cannot start there",
            f"ls -ld {data}; id; run Jianbao as the owner of the folder",
        )
    if disk.kind in NETWORK_DRIVES:
        yield problem(
            "disk",
            f"the folder is on a network drive ({disk.kind})",
            "SQLite needs locks and shared memory that network drives do not keep: the database can be damaged",
            "stop, copy the folder to a disk of this machine, and start it there with --data",
        )
    if disk.free < FULL_BYTES:
        yield problem(
            "disk",
            f"full: {size(disk.free)} free",
            "pushes are answered 503 and every stage waits; nothing is lost, all goes on once there is room",
            f"du -sh {data}/*; free at least {size(LOW_BYTES)}",
        )
    elif disk.free < LOW_BYTES:
        yield note("disk", f"{size(disk.free)} free", "it will be full soon", f"du -sh {data}/*")
    else:
        yield ok("disk", f"{size(disk.free)} free{f' ({disk.kind})' if disk.kind else ''}")


def judge_sizes(sizes: Mapping[str, int], data: str) -> Iterator[Finding]:
    """Yield what takes how much room; `sizes` by name, set-aside folders under their own names."""
    usual = {name: taken for name, taken in sizes.items() if not name.startswith("before-")}
    yield ok("sizes", ", ".join(f"{name} {size(taken)}" for name, taken in usual.items()))
    if (wal := sizes.get("write-ahead log", 0)) > LARGE_WAL:
        yield note(
            "sizes",
            f"the write-ahead log is {size(wal)} large",
            "something reads the database for long without a pause (a backup to a slow disk, a stopped process)",
            f"fuser -v {data}/jianbao.sqlite",
        )
    for name, taken in sizes.items():
        if name.startswith("before-"):
            yield note(
                "sizes",
                f"{name} takes {size(taken)}",
                "a restore or an upgrade has set it aside; delete it once nobody misses anything",
                f"rm -r {data}/{name}",
            )


def judge_backup(made_at: datetime | None, place: str, oldest: datetime | None, now: datetime, data: str) -> Finding:
    """Return how old the last backup is. `oldest`: of the records, for a folder that never had one."""
    since = now - (made_at or oldest or now)
    make = f"jianbao backup /media/usb --keep 8 --data {data}"
    if made_at is None:
        what = "no backup of this folder was ever made"
    else:
        what = f"the last backup is {span(since.total_seconds())} old ({place})"
    if since > BACKUP_OVERDUE:
        return problem("backup", what, "a broken disk would take all that came since", make)
    if made_at is None or since > BACKUP_WANTED:
        return note("backup", what, "a broken disk would take all that came since", make)
    return ok("backup", what)
