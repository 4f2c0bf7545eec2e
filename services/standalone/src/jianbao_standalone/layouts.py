"""The tables of a data folder, whoever owns them, and the versions of them that this program knows.

Each service brings its own tables up to date. Here is asked, before any of them starts, whether all can: importing the
services for that would cost half a second of every start, so the numbers stand here once more, and a test compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jianbao_streaming.sqlite import DATABASE, connect, schema
from jianbao_streaming.sqlite.layout import check, versions

KNOWN: Mapping[str, int] = {
    schema.COMPONENT: len(schema.STEPS),
    "ingest": 1,
    "normalize decisions": 1,
    "normalize fingerprints": 1,
    "search": 1,
}


def older_tables(data: Path) -> list[str]:
    """Return a line for each component of a data folder whose tables are about to be changed.

    Raises FatalError where a newer program has written the folder.
    """
    if not (data / DATABASE).exists():
        return []
    connection = connect(data / DATABASE)
    try:
        check(connection, KNOWN)
        found = versions(connection)
    finally:
        connection.close()
    return [
        f"the tables of {component} are brought from version {found.get(component, 1)} to {known}"
        for component, known in KNOWN.items()
        if found.get(component, 1) < known
    ]
