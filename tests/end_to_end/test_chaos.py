"""Short runs of the chaos program: the long ones are `make chaos` and `make chaos-pairs`."""

from __future__ import annotations

import ast
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from chaos.faults import PROCESSES
from chaos.trial import trial
from chaos.verdict import verify

from chaos import faults, generator

PROGRAM = Path(__file__).resolve().parent.parent / "chaos"


def chaos(verb: str, folder: Path, *options: str) -> dict[str, Any]:
    """Run the program as make does; return its summary, having shown what it told people."""
    ended = subprocess.run(
        [sys.executable, "-m", "chaos", verb, "--folder", str(folder), "--seed", "20261122", *options],
        env={**os.environ, "PYTHONPATH": str(PROGRAM)},
        stdout=subprocess.PIPE,
        text=True,
    )
    told = json.loads(ended.stdout.splitlines()[-1])
    assert (ended.returncode == 0) == told["ok"]
    return dict(told)


@pytest.mark.timeout(400)
def test_a_short_run_under_faults_of_every_process_breaks_no_promise(tmp_path: Path) -> None:
    told = chaos("run", tmp_path, "--n", "150", "--faults", "10", "--least-s", "2", "--outage", "0")
    assert told["ok"], told
    assert [told[kind] for kind in ("lost", "invented", "twice", "stuck", "wrong", "order")] == [0] * 6
    assert told["pushes"] >= 150
    assert told["kills"] + told["stops"] == 10
    assert set(told["victims"]) >= set(PROCESSES)
    assert (told["index_deletions"], told["supervisor_kills"]) == (1, 1)
    assert set(told["by_kind"]) >= {"new", "resent", "changed", "late", "retracted", "reverted", "poison", "killing"}


@pytest.mark.timeout(300)
def test_of_two_near_copies_pushed_at_one_moment_exactly_one_is_the_founder(tmp_path: Path) -> None:
    told = chaos("pairs", tmp_path, "--pairs", "20", "--faults", "3", "--least-s", "2")
    assert told["ok"], told
    assert told["by_kind"] == {"copy": 40}
    assert told["victims"] == {"normalize": 3}


@pytest.mark.timeout(200)
def test_the_oracle_sees_a_record_that_is_taken_from_the_log_behind_its_back(tmp_path: Path) -> None:
    with trial("sqlite", tmp_path) as one:
        one.push_and_strike(generator.acts(7, 12), [], 0.0)
        assert verify(one.observer.observe()) == []
        with closing(sqlite3.connect(one.machine.data / "jianbao.sqlite", timeout=30)) as log:
            query = "SELECT id FROM log_record WHERE topic = (SELECT id FROM log_topic WHERE name = ?) LIMIT 1"
            log.execute(f"DELETE FROM log_record WHERE id = ({query})", ("bulletins.normalized",))
            log.commit()
        kinds = {
            (violation.kind, "bulletins.normalized" in violation.told) for violation in verify(one.observer.observe())
        }
    assert kinds == {("lost", True)}


def test_the_same_seed_gives_the_same_pushes_and_the_same_faults_and_another_one_others() -> None:
    assert generator.acts(3, 200) == generator.acts(3, 200)
    assert generator.acts(3, 200) != generator.acts(4, 200)
    assert faults.faults(3, 200, 12) == faults.faults(3, 200, 12)
    assert faults.faults(3, 200, 12) != faults.faults(4, 200, 12)


def test_a_long_run_has_pushes_of_every_kind_and_faults_of_every_process() -> None:
    pushes = [push for act in generator.acts(1, 3000) for push in act.pushes]
    plan = faults.faults(1, 3000, 44)
    assert {push.kind for push in pushes} == {
        "new", "changed", "resent", "late", "overtaken", "reverted", "retracted", "poison", "killing",
        "contested", "copy", "rejected", "batch", "large",
    }  # fmt: skip
    assert {push.lane for push in pushes} == {"live", "backfill"}
    assert max(len(push.content.data) for push in pushes if push.content) > 1024 * 1024
    assert sum(fault.target in PROCESSES for fault in plan) == 44
    assert all(sum(fault.target == process for fault in plan) >= 3 for process in PROCESSES)
    assert {fault.deed for fault in plan} >= {"kill", "stop", "freeze", "pause", "delete index", "kill supervisor"}


def test_the_program_shares_no_code_with_the_services() -> None:
    modules = sorted((PROGRAM / "chaos").glob("*.py"))
    assert len(modules) > 20
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith(("jianbao", "importlib"))], module
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, chaos.__main__; print(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(PROGRAM)},
        capture_output=True,
        text=True,
        check=True,
    )
    foreign = {name.partition(".")[0] for name in loaded.stdout.split()}
    assert not {name for name in foreign if name.startswith("jianbao")}
