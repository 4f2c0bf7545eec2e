"""Before a newer program changes the tables of a folder: a backup beside them, for there is no way back without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jianbao_standalone.backup import snapshot
from jianbao_standalone.backup.contents import Wanted
from jianbao_standalone.backup.errors import BackupError
from jianbao_standalone.backup.files import need_room
from jianbao_standalone.backup.making import make, prune
from jianbao_streaming import FatalError
from jianbao_streaming.sqlite import DATABASE

FOLDER = "before-upgrade"
"""Below the data folder. The newest copy only is kept, so that it takes the room of one database, and no more."""


def keep_copy(data: Path, tell: Callable[[str], None]) -> None:
    """Make a backup in DATA/before-upgrade, its payloads linked and not copied. Raises FatalError where that cannot be.

    Nothing is copied where the log is empty. Of room it wants twice the database: for the copy, and for what changing the tables may write meanwhile.
    """
    database = data / DATABASE
    try:
        with snapshot.reading(database) as connection:
            if not snapshot.has_records(connection):
                return  # a start was interrupted while it made the tables
        need_room(data, 2 * database.stat().st_size, "the change of tables and a copy made before it")
        done, manifest = make(Wanted(data, data / FOLDER, link_payloads=True), tell)
        prune(done, manifest, 1)
    except (BackupError, OSError) as error:
        raise FatalError(
            f"this version of Jianbao changes the tables of {data}, and no copy could be made before: {error}."
            " Nothing was changed; mend that and start again, or start the older version again"
        ) from error
    tell(
        f"a copy from before the change of tables is in {done}; to go back: install the older version, then jianbao"
        f" restore {done} --data {data}"
    )
