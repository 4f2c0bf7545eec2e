"""Which processes make up Jianbao on one machine, and how each is started."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

INGEST_API = "ingest-api"
SEARCH_API = "search-api"


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """One process: its name (also that of its address file and its log) and what it runs."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def command(self) -> Sequence[str]:
        """Return the command line, on the interpreter that runs now."""
        return [sys.executable, "-m", self.module, *self.arguments]

    def full_environment(self, data: Path) -> dict[str, str]:
        """Return the environment: ours, the data folder, and the process's own settings."""
        return {**os.environ, "JIANBAO_DATA": str(data), "PYTHONUNBUFFERED": "1", **self.environment}


def all_processes(ingest_port: int, search_port: int) -> list[ProcessSpec]:
    """Return the processes in the order of a bulletin's way. Port 0 stands for any free one."""
    return [
        ProcessSpec(INGEST_API, "jianbao_ingest", ("api",), {"JIANBAO_INGEST_PORT": str(ingest_port)}),
        ProcessSpec("normalize", "jianbao_normalize"),
        ProcessSpec("extract", "jianbao_extract"),
        ProcessSpec("search-indexer", "jianbao_search", ("indexer",)),
        ProcessSpec("ingest-receipts", "jianbao_ingest", ("receipts",)),
        ProcessSpec(SEARCH_API, "jianbao_search", ("api",), {"JIANBAO_SEARCH_PORT": str(search_port)}),
    ]
