"""`python -m chaos run|pairs`: see README.md beside this file."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
from pathlib import Path

from chaos.report import summary
from chaos.run import Plan, run, run_pairs
from chaos.trial import ENGINES

MOST_FAULTS, LEAST_FAULTS, PUSHES_A_FAULT = 44, 8, 15
"""A short run has fewer faults, but never fewer than one a process."""

PAIRS_A_RESTART = 15


def main() -> int:
    """Return the exit code: 0 only if every promise was kept."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the machine under test is stopped, too
    logging.getLogger("httpx").setLevel(logging.WARNING)
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="chaos-")).resolve()
    engine, seed, least_s = arguments.engine, arguments.seed, arguments.least_s
    if arguments.verb == "pairs":
        restarts = arguments.faults or max(3, arguments.pairs // PAIRS_A_RESTART)
        return summary(run_pairs(engine, seed, arguments.pairs, restarts, least_s, folder))
    faults = arguments.faults or min(MOST_FAULTS, max(LEAST_FAULTS, arguments.n // PUSHES_A_FAULT))
    return summary(run(Plan(engine, seed, arguments.n, faults, least_s, arguments.outage), folder))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description="Pushes and faults at random; exit 1 on any violation.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    runs = verbs.add_parser("run", help="pushes of every kind under faults of every kind")
    runs.add_argument("--n", type=int, default=3000, help="pushes")
    runs.add_argument("--outage", type=float, default=60.0, help="seconds of each outage; 0: none")
    pairs = verbs.add_parser("pairs", help="pairs of near copies at one moment, normalize restarted at random")
    pairs.add_argument("--pairs", type=int, default=200)
    for verb in (runs, pairs):
        verb.add_argument("--engine", choices=sorted(ENGINES), default="sqlite")
        verb.add_argument("--seed", type=int, default=1, help="the same seed: the same pushes and the same faults")
        verb.add_argument("--faults", type=int, default=0, help="faults of processes; by default as many as fit")
        verb.add_argument("--least-s", type=float, default=4.0, help="seconds between two faults")
        verb.add_argument("--folder", help="an empty folder to work in, kept; a new one if not given")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
