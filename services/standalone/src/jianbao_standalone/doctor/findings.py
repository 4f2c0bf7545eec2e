"""What a check says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters: nothing to do; something to know; something to do."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen: `what` it is, what it `means`, and what to `do`, a command where there is one."""

    check: str
    level: Level
    what: str
    means: str = ""
    do: str = ""


def ok(check: str, what: str) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(check, Level.OK, what)


def note(check: str, what: str, means: str, do: str = "") -> Finding:
    """Return a finding to know of."""
    return Finding(check, Level.NOTE, what, means, do)


def problem(check: str, what: str, means: str, do: str) -> Finding:
    """Return a finding to act on."""
    return Finding(check, Level.PROBLEM, what, means, do)


def is_well(findings: Iterable[Finding]) -> bool:
    """Return whether nothing has to be done."""
    return all(finding.level is not Level.PROBLEM for finding in findings)
