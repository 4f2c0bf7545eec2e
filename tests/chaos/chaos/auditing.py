"""The product's own audit, where it has one: its books must balance, too."""

from __future__ import annotations

import json
from typing import Any

from chaos.machine import Machine


def audit(machine: Machine) -> dict[str, Any]:
    """Return what `jianbao audit --json` says, line by line, and its exit code; empty where there is no such verb."""
    if not machine.has("audit"):
        return {}
    ended = machine.run("audit", "--json", check=False)
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    return {"code": ended.returncode, "lines": lines, "told": ended.stderr[-500:]}


def imbalance(found: dict[str, Any]) -> int:
    """Return by how much the books do not balance: the sum of all differences told, at least 1 for a failed audit."""
    differences = sum(abs(line.get("difference", 0)) for line in found.get("lines", ()) if isinstance(line, dict))
    return differences or int(found.get("code", 0) != 0)
