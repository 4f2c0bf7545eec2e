"""What a run tells: lines for people on standard error, and one JSON object for programs as the last line of output."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from chaos.violations import KINDS, Violation

MOST_TOLD = 20
"""Violations of a kind that are told in full."""


def say(line: str) -> None:
    """Tell people something, with the time."""
    print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True)


def tell(violations: Sequence[Violation]) -> Mapping[str, int]:
    """Tell people what is wrong; return how much of each kind."""
    counted = Counter(violation.kind for violation in violations)
    for kind in KINDS:
        for violation in [one for one in violations if one.kind == kind][:MOST_TOLD]:
            say(str(violation))
        if counted[kind] > MOST_TOLD:
            say(f"{kind.upper()}: {counted[kind] - MOST_TOLD} more")
    return {kind: counted[kind] for kind in KINDS}


def summary(facts: Mapping[str, object]) -> int:
    """Print the last line; return the exit code."""
    print(json.dumps(facts, ensure_ascii=False), flush=True)
    return 0 if facts["ok"] else 1
