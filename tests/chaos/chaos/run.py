"""The two kinds of run: pushes of every kind under faults of every kind, and pairs of near copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from chaos import faults, generator, near_copies
from chaos.outages import Outages
from chaos.report import say
from chaos.trial import trial


@dataclass(frozen=True)
class Plan:
    """What a run does. `faults`: faults of processes, beside one deleted index and one killed supervisor; `least_s`:
    seconds between two of them. `outage_s`: length of each outage; 0 leaves them out."""

    engine: str
    seed: int
    pushes: int
    faults: int
    least_s: float
    outage_s: float


def run(plan: Plan, folder: Path) -> Mapping[str, object]:
    """Do a plan over a new folder; return the summary."""
    acts = generator.acts(plan.seed, plan.pushes)
    with trial(plan.engine, folder) as one:
        strikes = one.push_and_strike(acts, faults.faults(plan.seed, plan.pushes, plan.faults), plan.least_s)
        singles = generator.singles(plan.seed)
        outages = Outages(one.machine, one.topics, one.ledger, one.observer, one.traffic, singles, say)
        measured = outages.all(plan.outage_s) if plan.outage_s else []
        judged = one.judged(strikes)
    ok = judged.pop("ok") and all(outage.ok for outage in measured)
    head = {"engine": plan.engine, "seed": plan.seed, "n": plan.pushes}
    return {**head, **judged, "outages": [asdict(outage) for outage in measured], "ok": ok}


def run_pairs(engine: str, seed: int, pairs: int, restarts: int, least_s: float, folder: Path) -> Mapping[str, object]:
    """Push pairs of near copies, both at one moment, while normalize is killed and stopped; return the summary."""
    deeds = faults.restarts(seed, 2 * pairs, restarts, "normalize")
    with trial(engine, folder) as one:
        judged = one.judged(one.push_and_strike(near_copies.acts(seed, pairs), deeds, least_s))
    return {"engine": engine, "seed": seed, "pairs": pairs, **judged}
