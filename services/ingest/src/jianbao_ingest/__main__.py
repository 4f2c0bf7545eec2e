"""`python -m jianbao_ingest api` answers HTTP; `python -m jianbao_ingest receipts` keeps the receipts."""

from __future__ import annotations

import sys

from jianbao_ingest.bootstrap import run_api, run_receipts
from jianbao_ingest.settings import Settings
from jianbao_streaming.ending import exit_code_of
from jianbao_streaming.observing import start_observing
from jianbao_streaming.settings import read_settings

PROCESSES = {"api": run_api, "receipts": run_receipts}


def main(arguments: list[str]) -> int:
    """Run one process; return its exit code (2: wrong usage or setting; else that of what ended it, told in one line)."""
    run = PROCESSES.get(arguments[0]) if len(arguments) == 1 else None
    if run is None:
        print(f"usage: python -m jianbao_ingest {'|'.join(PROCESSES)}", file=sys.stderr)
        return 2
    start_observing(f"ingest-{arguments[0]}")
    return exit_code_of(lambda: run(read_settings(Settings)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
