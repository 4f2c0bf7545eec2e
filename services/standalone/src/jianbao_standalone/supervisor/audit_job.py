"""The audit that a running Jianbao makes of itself now and then: a process of its own, behind all others in line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from jianbao_streaming import TransientError

DEFAULT_PERIOD_S = 3600.0
LONGEST_FIRST_WAIT_S = 300.0
"""The first audit comes soon after the start: what a crash or a restore has broken is to be told the same day."""

LOWEST_PRIORITY = 19
POLL_S = 0.2


class AuditReport(Protocol):
    """Where the result is told."""

    def audited(self, differences: Mapping[str, int], drift: Mapping[str, int], finished_at: datetime) -> None:
        """Note the last audit: pushes in no state by office, differences by kind."""


def audit_command(data: Path) -> list[str]:
    """Return the command line of an audit, on the interpreter that runs now."""
    return [sys.executable, "-m", "jianbao_standalone", "audit", "--data", str(data), "--json"]


def audit_folder(data: Path, report: AuditReport, wanted: Callable[[], bool]) -> str | None:
    """Make an audit and note its result; return a line for the operator if anything differs.

    Raises TransientError where it could not be made. Ends early, without a result, once it is not wanted any more.
    """
    found = _run(audit_command(data), wanted)
    if found is None:
        return None
    by_office: dict[str, int] = {}
    for row in found["equation"]:
        by_office[row["office"]] = by_office.get(row["office"], 0) + abs(row["difference"])
    report.audited(by_office, found["drift"], datetime.fromisoformat(found["finished_at"]))
    if found["clean"]:
        return None
    kinds = ", ".join(f"{count} {kind}" for kind, count in found["drift"].items()) or "none that can be named"
    return (
        f"the audit found {found['difference']} of {found['pushes']} pushes in no state, and differences ({kinds}); "
        "look with: jianbao audit; have them mended with: jianbao audit --repair"
    )


def _run(command: list[str], wanted: Callable[[], bool]) -> dict[str, Any] | None:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=messages)  # noqa: S603
        with suppress(OSError):  # it ended at once, or this system has no priorities
            os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST_PRIORITY)
        while process.poll() is None:
            if not wanted():
                process.kill()
                process.wait()
                return None
            time.sleep(POLL_S)
        output.seek(0)
        try:
            found: dict[str, Any] = json.load(output)
        except ValueError as error:
            messages.seek(0)
            last = messages.read().decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise TransientError(f"exit code {process.returncode}: {last[0][:300]}") from error
    return found
