"""Memory of attempts in the one file: what was in hand when a process died."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from jianbao_streaming.ports import Attempt, Claim
from jianbao_streaming.sqlite.connection import select, transaction


class SqliteAttempts:
    """See `jianbao_streaming.ports.Attempts`. One row a partition: only the first uncommitted offset matters."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def begin(self, group: str, claim: Claim) -> Attempt:
        """Count one more beginning at the claim's first offset; another first offset starts from none."""
        with transaction(self._connection):
            ((deaths, alone_through),) = select(
                self._connection,
                "INSERT INTO log_attempt VALUES (?, ?, ?, ?, 1, -1) ON CONFLICT DO UPDATE SET"
                " begun = CASE WHEN first = excluded.first THEN begun + 1 ELSE 1 END, first = excluded.first"
                " RETURNING begun - 1, alone_through",
                (group, claim.topic, claim.partition, claim.first),
            )
        return Attempt(deaths, alone_through)

    def isolate(self, group: str, claim: Claim) -> None:
        """Handle the claim's records alone from now on; the count starts again for the first of them."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE log_attempt SET begun = 1, alone_through = ? WHERE group_name = ? AND topic = ? AND partition = ?",
                (claim.last, group, claim.topic, claim.partition),
            )

    def clear(self, group: str, claims: Sequence[Claim]) -> None:
        """Take this beginning back: the process did not die of it."""
        with transaction(self._connection):
            self._connection.executemany(
                "UPDATE log_attempt SET begun = max(begun - 1, 0)"
                " WHERE group_name = ? AND topic = ? AND partition = ? AND first = ?",
                [(group, claim.topic, claim.partition, claim.first) for claim in claims],
            )
