"""The embedded engine: one SQLite file holds the log and the stores of all services on one machine."""

from jianbao_streaming.sqlite.connection import DATABASE, connect, select, select_one, transaction

__all__ = ["DATABASE", "connect", "select", "select_one", "transaction"]
