"""The embedded engine: one SQLite file holds the log and the stores of all services on one machine."""

from jianbao_streaming.sqlite.connection import DATABASE, connect, select, select_one, transaction
from jianbao_streaming.sqlite.layout import Step, bring_up_to_date, versions

__all__ = [
    "DATABASE",
    "Step",
    "bring_up_to_date",
    "connect",
    "select",
    "select_one",
    "transaction",
    "versions",
]
