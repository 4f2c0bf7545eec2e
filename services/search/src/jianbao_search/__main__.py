"""`python -m jianbao_search indexer|api`."""

from __future__ import annotations

import sys

from jianbao_search.bootstrap import run_api, run_indexer
from jianbao_search.settings import Settings
from jianbao_streaming.ending import exit_code_of
from jianbao_streaming.observing import start_observing
from jianbao_streaming.settings import read_settings

PROCESSES = {"indexer": run_indexer, "api": run_api}


def main(arguments: list[str]) -> int:
    """Run one of the two processes; return its exit code."""
    if len(arguments) != 1 or arguments[0] not in PROCESSES:
        print("usage: python -m jianbao_search indexer|api", file=sys.stderr)
        return 2
    start_observing(f"search-{arguments[0]}")
    return exit_code_of(lambda: PROCESSES[arguments[0]](read_settings(Settings)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
