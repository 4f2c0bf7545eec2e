"""`python -m jianbao_ingest api` answers HTTP; `python -m jianbao_ingest receipts` keeps the receipts."""

from __future__ import annotations

import sys

from pydantic import ValidationError

from jianbao_ingest.bootstrap import run_api, run_receipts
from jianbao_ingest.settings import Settings
from jianbao_streaming import FatalError
from jianbao_streaming.process import log_to_stderr

PROCESSES = {"api": run_api, "receipts": run_receipts}


def main(arguments: list[str]) -> int:
    """Run one process; return its exit code (2: wrong usage, 1: it cannot go on, told in one line)."""
    run = PROCESSES.get(arguments[0]) if len(arguments) == 1 else None
    if run is None:
        print(f"usage: python -m jianbao_ingest {'|'.join(PROCESSES)}", file=sys.stderr)
        return 2
    try:
        settings = Settings()  # type: ignore[call-arg]  # from the environment
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        name = "_".join(str(part) for part in wrong["loc"]).upper()
        print(f"JIANBAO_{name}: {wrong['msg']}; set it in the environment", file=sys.stderr)
        return 2
    log_to_stderr()
    try:
        return run(settings)
    except (FatalError, OSError) as error:
        print(f"jianbao_ingest {arguments[0]}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
