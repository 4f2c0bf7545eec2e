"""`python -m jianbao_search indexer|api`."""

from __future__ import annotations

import sys

from pydantic import ValidationError

from jianbao_search.bootstrap import run_api, run_indexer
from jianbao_search.settings import Settings
from jianbao_streaming.outcomes import FatalError
from jianbao_streaming.process import log_to_stderr

PROCESSES = {"indexer": run_indexer, "api": run_api}


def main(arguments: list[str]) -> int:
    """Run one of the two processes; return its exit code."""
    if len(arguments) != 1 or arguments[0] not in PROCESSES:
        print("usage: python -m jianbao_search indexer|api", file=sys.stderr)
        return 2
    log_to_stderr()
    try:
        settings = Settings()  # type: ignore[call-arg]  # from the environment
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            name = "_".join(("JIANBAO", *(str(part).upper() for part in one["loc"])))
            print(f"setting {name}: {one['msg']}", file=sys.stderr)
        return 2
    try:
        return PROCESSES[arguments[0]](settings)
    except FatalError as error:
        print(f"cannot start: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
