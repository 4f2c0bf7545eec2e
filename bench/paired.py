"""`make bench-paired`: the same bulletins, in turn, into a folder that holds few and one that holds many.

On a machine with other work, seconds of one minute cannot be compared with those of another; portions that take turns
can. The last line is a JSON summary; exit code 1 if many stored make a bulletin dearer by more than a fifth.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from bench.bulletins import OFFICES, Bulletins, Made
from bench.measuring import usage
from bench.product import Product, office_key, running
from bench.pushing import Pusher

FEW, PORTION, TURNS = 1000, 100, 10
DEAREST = 1.2


def main(arguments: list[str]) -> int:
    """Run the bench; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=Path, required=True, help="folder that is not there yet")
    parser.add_argument("--many", type=Path, required=True, help="folder that make bench-growth has filled")
    parser.add_argument("--seed", type=int, help="[default: the time, because what the folder holds would be repeated]")
    options = parser.parse_args(arguments)
    if options.few.exists() or not options.many.exists():
        parser.error("--few must not be there yet, --many must")
    supply = iter(Bulletins(options.seed or time.time_ns()))
    with running(options.few) as few, running(options.many) as many:
        keys = [{office: office_key(one.data, office) for office in OFFICES} for one in (few, many)]
        time.sleep(8)  # until ingest has read the new keys, and dictionaries are loaded
        with Pusher(few.url("ingest-api"), keys[0]) as to_few, Pusher(many.url("ingest-api"), keys[1]) as to_many:
            _cost(few, few.pids(), to_few, list(islice(supply, FEW)))
            _cost(many, many.pids(), to_many, list(islice(supply, PORTION)))
            pairs = []
            for turn in range(TURNS):
                made = list(islice(supply, PORTION))
                sides = [(few, to_few), (many, to_many)]
                costs = {one.data: _cost(one, one.pids(), pusher, made) for one, pusher in sides[:: 1 - 2 * (turn % 2)]}
                pairs.append((costs[few.data], costs[many.data]))
                print(f"{turn}: {pairs[-1][0]:.2f} s with few stored, {pairs[-1][1]:.2f} s with many", flush=True)
    return _told(pairs)


def _cost(jianbao: Product, pids: Mapping[str, int], pusher: Pusher, made: Sequence[Made]) -> float:
    """Return the CPU seconds of all processes from the first push until the last receipt is final."""
    before = {name: usage(pid).cpu_s for name, pid in pids.items()}
    pusher.wait_until_final(pusher.push(made), lambda: None)
    if jianbao.pids() != pids:
        raise SystemExit(f"a process was started anew meanwhile; see {jianbao.data}/logs")
    return sum(usage(pid).cpu_s - before[name] for name, pid in pids.items())


def _told(pairs: Sequence[tuple[float, float]]) -> int:
    few, many = sum(one for one, _ in pairs), sum(one for _, one in pairs)
    median = statistics.median(dear / cheap for cheap, dear in pairs)
    summary = {"few_s": round(few, 2), "many_s": round(many, 2), "ratio": round(many / few, 3)}
    ok = many / few <= DEAREST
    print(json.dumps({**summary, "median_of_pairs": round(median, 3), "ok": ok}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
