"""Ingest: takes bulletins in over HTTP, answers only for what the log holds, and keeps the receipts."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("jianbao-ingest")
"""Version of this service, as its metrics and dead letters name it."""
