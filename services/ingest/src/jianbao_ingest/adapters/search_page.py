"""Where people search: told by a setting or, on one machine, by the search process itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from jianbao_streaming.process import RUN_FOLDER

SEARCH_PROCESS = "search-api"
"""Under this name the process that serves the page announces its address in the data folder."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """See `jianbao_ingest.ports.SearchPage`. `setting` is the address as offices reach it; empty: look in the folder."""

    data: Path
    setting: str = ""

    def address(self) -> str | None:
        """Return the base address of the page without a slash at its end, or None."""
        if self.setting:
            return self.setting.rstrip("/")
        try:
            told = json.loads((self.data / RUN_FOLDER / f"{SEARCH_PROCESS}.json").read_text(encoding="utf-8"))
            return f"http://{told['host']}:{int(told['port'])}"
        except (OSError, ValueError, KeyError, TypeError):
            return None
