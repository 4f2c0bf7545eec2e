"""The product's own audit, where it has one: its books must balance, and with the oracle's, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chaos.machine import Machine


def audit(machine: Machine) -> dict[str, Any]:
    """Return what `jianbao audit --json` tells; empty where there is no such verb."""
    if not machine.has("audit"):
        return {}
    ended = machine.run("audit", "--json", check=False)
    lines = [line for line in ended.stdout.splitlines() if line.startswith("{")]
    return dict(json.loads(lines[-1])) if lines else {"told": ended.stderr[-500:]}


def imbalance(books: Mapping[str, Any], pushes: int) -> int:
    """Return by how much the books do not balance, given how many different pushes were acknowledged.

    Counted are pushes in no state or in two, whatever drifted between log, index and receipts, and pushes that only one
    of the two books knows. An audit that told nothing is off by one at least.
    """
    if not books:
        return 0
    drifted = sum(many for many in books.get("drift", {}).values() if isinstance(many, int))
    return abs(int(books.get("difference", 1))) + drifted + abs(int(books.get("pushes", 0)) - pushes)
