"""`make bench-start`: how long commands take until they answer, and `jianbao up` until it is ready.

Medians of several; the load of the machine stands beside each figure. The last line is a JSON summary; exit code 1 if
`up` or `--help` takes longer than promised.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from bench.measuring import load_average, timed, usage
from bench.product import PATIENCE_S, Product, command, running

MOST_READY_S, MOST_HELP_S = 5.0, 0.4
"""Issue 4."""


def main(arguments: list[str]) -> int:
    """Run the bench; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder that bench-growth filled; its services must not run")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args(arguments)
    times: int = options.times
    summary = {}
    with tempfile.TemporaryDirectory(prefix="bench-start-") as temporary:
        fresh = (Path(temporary) / str(number) for number in range(times))
        summary["up_empty_s"] = _up("up, empty folder", times, lambda: next(fresh))
        known = options.data or Path(temporary) / "0"
        if options.data:
            summary["up_filled_s"] = _up(f"up, {options.data}", times, lambda: known)
        summary["help_s"] = _told("--help", [_run("--help") for _ in range(times)])
        summary["topics_status_s"] = _told(
            "topics status", [_run("topics", "status", "--data", str(known)) for _ in range(times)]
        )
    late = [name for name, took in summary.items() if name.startswith("up_") and took >= MOST_READY_S]
    late += ["help_s"] if summary["help_s"] >= MOST_HELP_S else []
    print(json.dumps({**{name: round(took, 3) for name, took in summary.items()}, "late": late, "ok": not late}))
    return 1 if late else 0


def _run(*arguments: str) -> float:
    return timed(lambda: subprocess.run(command(*arguments), stdout=subprocess.DEVNULL, check=True))


def _up(name: str, times: int, folder: Callable[[], Path]) -> float:
    ready, prepared, cpu = [], [], []
    for _ in range(times):
        began = time.monotonic()
        with running(folder()) as product:
            ready.append(product.ready_s)
            cpu.append(sum(usage(pid).cpu_s for pid in product.pids().values()))
            _wait_until_prepared(product)
            prepared.append(time.monotonic() - began)
    print(
        f"{name}: every dictionary loaded and index checked after {statistics.median(prepared):.2f} s;"
        f" CPU until ready {statistics.median(cpu):.2f} s"
    )
    return _told(f"{name}: ready", ready)


def _wait_until_prepared(product: Product) -> None:
    """Return once every process says of itself that it is ready to work."""
    deadline = time.monotonic() + PATIENCE_S
    with httpx.Client(timeout=5, trust_env=False) as http:
        for name in product.pids():
            while name != "up" and not _is_prepared(http, product.url(name)):
                if time.monotonic() > deadline:
                    raise SystemExit(f"{name} did not become ready; see {product.data}/logs")
                time.sleep(0.02)


def _is_prepared(http: httpx.Client, url: str) -> bool:
    try:
        return http.get(f"{url}/health/ready").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False  # on a busy machine an answer may take long


def _told(name: str, took: list[float]) -> float:
    each = " ".join(f"{one:.2f}" for one in took)
    print(f"{name}: median {statistics.median(took):.2f} s of {each} (load {load_average():.1f})", flush=True)
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
