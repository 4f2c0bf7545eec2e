"""What a backup or a restore says when it cannot be done."""

from __future__ import annotations

import errno

from jianbao_streaming.outcomes import DamagedError


class BackupError(Exception):
    """The backup or restore was not done; the message says what happened, why, and what to do."""

    exit_code = 1


class DamagedDataError(BackupError):
    """The database to be copied is damaged."""

    exit_code = DamagedError.exit_code


WHY = {
    errno.ENOSPC: "the disk is full; free some room or choose another disk",
    errno.EDQUOT: "the quota of this user is used up; free some room or choose another disk",
    errno.EFBIG: "the file system holds no file this large (FAT32: 4 GiB); format the stick as exFAT or ext4",
    errno.EROFS: "the disk is read-only; mount it for writing or choose another one",
    errno.EACCES: "this user may not write there; change the owner of the folder or choose another one",
    errno.EPERM: "this user may not write there; change the owner of the folder or choose another one",
    errno.ENOTDIR: "a part of this path is a file and no folder; give the path of a folder",
    errno.EIO: "the disk reports an input/output error; it may be dying: choose another one",
}


def why(error: OSError) -> str:
    """Return an operating system's error as a sentence with what to do, where that is known."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{WHY.get(error.errno or 0, error.strerror or str(error))}"
