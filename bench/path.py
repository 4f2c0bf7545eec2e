"""`make bench-path`: from a push to `searchable`, one at a time on an idle machine, and how many a second at full speed.

The last line is a JSON summary.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from bench.bulletins import OFFICES, Bulletins, Made
from bench.measuring import load_average
from bench.product import office_key, running
from bench.pushing import ON_THE_WAY, Pusher

PAUSE_S, LOOK_EVERY_S = 0.3, 0.005


def main(arguments: list[str]) -> int:
    """Run the bench; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--single", type=int, default=50)
    parser.add_argument("--bulletins", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    supply = iter(Bulletins(options.seed))
    with tempfile.TemporaryDirectory(prefix="bench-path-") as temporary, running(Path(temporary)) as product:
        keys = {office: office_key(product.data, office) for office in OFFICES}
        time.sleep(5)  # until dictionaries are loaded and the keys are known
        with Pusher(product.url("ingest-api"), keys) as pusher:
            pusher.wait_until_final(pusher.push(list(islice(supply, 50))), lambda: None)  # the first ones fill caches
            load = load_average()
            took = sorted(_one(pusher, made) for made in islice(supply, options.single))
            began = time.monotonic()
            pusher.wait_until_final(pusher.push(list(islice(supply, options.bulletins))), lambda: None)
            rate = options.bulletins / (time.monotonic() - began)
    summary = {
        "single": len(took),
        "p50_ms": round(took[len(took) // 2] * 1000),
        "p99_ms": round(took[min(len(took) - 1, len(took) * 99 // 100)] * 1000),
        "bulletins": options.bulletins,
        "bulletins_a_second": round(rate, 1),
        "load_before": load,
    }
    print(json.dumps(summary))
    return 0


def _one(pusher: Pusher, made: Made) -> float:
    """Seconds from sending a bulletin until its receipt is final."""
    time.sleep(PAUSE_S)
    began = time.monotonic()
    ((office, push_id),) = pusher.push([made])
    while pusher.state(office, push_id) in ON_THE_WAY:
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
