"""`jianbao doctor`: what is wrong, and what to do."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from jianbao_standalone.cli.options import MESSAGES, RECORDS, DataOption

STYLES = {"ok": "green", "note": "yellow", "problem": "bold red"}


def doctor(
    data: DataOption = Path("data"),
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Read all of a large database, however long it takes.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON record a finding.")] = False,
) -> None:
    """Tell what runs, in which versions, what is wrong, and what to do about it. Changes nothing.

    Ends with 0 if there is nothing to do, and with 1 if there is.

    Example:  jianbao doctor --data data
    """
    from jianbao_standalone.backup.newest import naming_backup
    from jianbao_standalone.doctor.checks import checks_for
    from jianbao_standalone.doctor.examination import Patient, examine
    from jianbao_standalone.doctor.findings import is_well

    patient = Patient(data.absolute(), datetime.now(UTC), thorough=thorough)
    findings = [
        replace(found, what=naming_backup(found.what, patient.data), do=naming_backup(found.do, patient.data))
        for found in examine(patient, checks_for(patient))
    ]
    for finding in findings:
        if as_json:
            typer.echo(json.dumps(asdict(finding), ensure_ascii=False))
            continue
        style = STYLES[finding.level]
        RECORDS.print(f"[{style}]{finding.level:<8}[/{style}]", end="")
        RECORDS.print(f"{finding.check}: {finding.what}", markup=False)
        if finding.means:
            RECORDS.print(f"        {finding.means}", markup=False)
        if finding.do:
            RECORDS.print(f"        → {finding.do}", markup=False)
    counts = Counter(str(finding.level) for finding in findings)
    MESSAGES.print(f"{counts['problem']} problems, {counts['note']} notes, {counts['ok']} ok")
    if not is_well(findings):
        raise typer.Exit(1)
