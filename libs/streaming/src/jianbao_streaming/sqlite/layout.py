"""Versions of the tables in the one file: each component brings its own up to date, a step at a time.

A component is whoever owns tables (log, ingest, normalize, search). Its steps are numbered from 1 and never change once
a release carried them: a change of a table is one more step at the end. Step 1 makes tables IF NOT EXISTS, because
folders written before versions were recorded have them already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import apsw

from jianbao_streaming.outcomes import FatalError
from jianbao_streaming.sqlite.connection import select, select_one, transaction

Step = str | Callable[[apsw.Connection], None]
"""SQL, or a function that runs some; it must not commit."""

_TABLE = "CREATE TABLE IF NOT EXISTS layout (component TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID"


def bring_up_to_date(connection: apsw.Connection, component: str, steps: Sequence[Step]) -> None:
    """Run the steps that a component's tables lack, each in a transaction of its own together with its number.

    A process that dies in between leaves whole steps only, and the next one goes on behind them; of several processes
    that start at once one runs each step. Writes nothing where all is up to date. Raises FatalError for a file that a
    newer program has written, LogUnavailableError where the file cannot be written now.
    """
    check(connection, {component: len(steps)})
    for number in range(_version(connection, component) + 1, len(steps) + 1):
        with transaction(connection):
            connection.execute(_TABLE)
            if _version(connection, component) >= number:
                continue  # another process was faster
            step = steps[number - 1]
            if isinstance(step, str):
                connection.execute(step)
            else:
                step(connection)
            connection.execute("INSERT OR REPLACE INTO layout VALUES (?, ?)", (component, number))


def versions(connection: apsw.Connection) -> dict[str, int]:
    """Return the version of every component's tables; none for a file from before versions were recorded."""
    known = select_one(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'layout'")
    return dict(select(connection, "SELECT component, version FROM layout")) if known else {}


def check(connection: apsw.Connection, known: Mapping[str, int]) -> None:
    """Raise FatalError where a component's tables are newer than the version `known` here; says what to do."""
    for component, version in versions(connection).items():
        if version > known.get(component, version):
            raise FatalError(
                f"the tables of {component} in {connection.filename} have version {version}, and this program knows "
                f"them up to version {known[component]}: a newer Jianbao wrote them. Start that newer version again, "
                "or restore a backup made before the upgrade: jianbao restore BACKUP --data DIR"
            )


def _version(connection: apsw.Connection, component: str) -> int:
    return versions(connection).get(component, 0)
