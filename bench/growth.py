"""`make bench-growth`: does a bulletin cost the same however many are stored, and does memory stay flat?

The last line is a JSON summary; exit code 1 if the answer is no.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import islice, product
from pathlib import Path

import httpx

from bench import phrases
from bench.bulletins import OFFICES, Bulletins, Made
from bench.measuring import Yardstick, disk_mib, load_average, timed, usage
from bench.product import Product, office_key, running
from bench.pushing import Pusher
from bench.verdict import Portion, judge

WARMING = 150
"""Different queries after each portion: the index keeps blocks of stored fields that were read, up to a limit for each
of its files; without queries that memory would fill so slowly that it looked like a leak."""

QUERIES = {
    "word": "志愿服务",
    "phrase": "老党员 建立问题清单",
    "region": "张家港市 老旧小区",
    "traditional": "移風易俗",
}


def main(arguments: list[str]) -> int:
    """Run the bench; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bulletins", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, required=True, help="folder that is not there yet; it is kept")
    parser.add_argument("--portion", type=int, help="[default: a tenth]")
    options = parser.parse_args(arguments)
    size = options.portion or options.bulletins // 10
    if options.data.exists() or options.bulletins // size < 3:
        parser.error("give a folder that is not there yet, and bulletins for three portions at least")
    supply = iter(Bulletins(options.seed))
    portions: list[Portion] = []
    with running(options.data) as jianbao:
        keys = {office: office_key(options.data, office) for office in OFFICES}
        time.sleep(3)  # until ingest has read the new keys, and dictionaries are loaded
        pids = jianbao.pids()
        print(f"ready after {jianbao.ready_s:.1f} s; processes: {', '.join(pids)}")
        with Pusher(jianbao.url("ingest-api"), keys) as pusher:
            for _ in range(options.bulletins // size):
                made = list(islice(supply, size))
                portions.append(_portion(jianbao, pids, pusher, made))
                _print(portions)
    return _told(portions, options)


def _portion(jianbao: Product, pids: Mapping[str, int], pusher: Pusher, made: Sequence[Made]) -> Portion:
    yardstick = Yardstick()
    before = {name: usage(pid) for name, pid in pids.items()}
    began = time.monotonic()
    pushed = pusher.push(made)
    pusher.wait_until_final(pushed, yardstick.take)
    wall = time.monotonic() - began
    if jianbao.pids() != pids:
        raise SystemExit(f"a process was started anew meanwhile; see {jianbao.data}/logs")
    after = {name: usage(pid) for name, pid in pids.items()}
    return Portion(
        bulletins=len(made),
        wall_s=wall,
        cpu_s={name: after[name].cpu_s - before[name].cpu_s for name in pids},
        yardstick_s=yardstick.median(),
        usages=after,
        disk_mib=disk_mib(jianbao.data),
        search_ms=_search_ms(jianbao.url("search-api")),
        load=load_average(),
    )


def _search_ms(url: str) -> dict[str, float]:
    """Median of five, for each query; after the CPU was read, because an answer's cost follows from what it finds."""
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as http:

        def ask(query: str) -> float:
            return timed(lambda: http.get("/v1/search", params={"q": query}).raise_for_status()) * 1000

        for place, who in islice(
            product(phrases.REGIONS, phrases.WHO), 0, None, len(phrases.REGIONS) * len(phrases.WHO) // WARMING
        ):
            ask(f"{place} {who}")
        return {name: statistics.median(ask(query) for _ in range(5)) for name, query in QUERIES.items()}


def _print(portions: list[Portion]) -> None:
    last = portions[-1]
    if len(portions) == 1:
        names = "".join(f"{name[:15]:>16}" for name in last.cpu_s)
        print(f"{'stored':>7}{'wall s':>8}{'cpu s':>8}{'ys ms':>7}{'load':>6}{names}   (CPU ms a bulletin / own MiB)")
    each = "".join(
        f"{f'{cpu * 1000 / last.bulletins:.1f}/{last.usages[name].own_mib:.0f}':>16}"
        for name, cpu in last.cpu_s.items()
    )
    stored = sum(one.bulletins for one in portions)
    disk = ", ".join(f"{name} {size:.0f}" for name, size in sorted(last.disk_mib.items()) if size >= 0.5)
    search = ", ".join(f"{name} {took:.0f}" for name, took in last.search_ms.items())
    print(
        f"{stored:>7}{last.wall_s:>8.1f}{last.total_cpu_s:>8.1f}{last.yardstick_s * 1000:>7.2f}{last.load:>6.1f}{each}"
        f"   disk MiB: {disk}; search ms: {search}",
        flush=True,
    )


def _told(portions: list[Portion], options: argparse.Namespace) -> int:
    verdict = judge(portions)
    (options.data / "bench-growth.json").write_text(json.dumps([asdict(one) for one in portions], indent=1), "utf-8")
    rounded = json.loads(json.dumps(asdict(verdict)), parse_float=lambda text: round(float(text), 3))
    summary = {"bulletins": options.bulletins, "seed": options.seed, **rounded, "ok": verdict.ok}
    print(json.dumps(summary))
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
