"""Every command on an operator's page does what the page says: all blocks marked `sh` run, in order, as they stand.

A page says in its first comment over which Jianbao it is read: `<!-- runbook: running -->` (the samples are pushed, one
dead letter among them is open) or `<!-- runbook: stopped -->` (the same, then stopped). Commands find the data folder in
the variable JIANBAO_DATA; a block that is not to be run (output, a unit file) is not marked `sh`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from running import running

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATE = re.compile(r"<!-- runbook: (running|stopped) -->")
RUNBOOKS = [page for page in PAGES if STATE.search(page.read_text("utf-8"))]


@contextmanager
def jianbao_in(state: str, folder: Path, root: Path) -> Iterator[Path]:
    """A data folder with the samples in it, served or not."""
    data = folder / "data"
    with running(data) as started:
        push = [sys.executable, "-m", "jianbao_standalone", "push", "--manifest", "seeds/manifest.json", "--wait"]
        done = subprocess.run([*push, "--data", str(data)], cwd=root, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        if state == "running":
            yield started.data
            return
    yield data


def test_a_page_with_commands_says_over_which_jianbao_it_is_read() -> None:
    silent = [page.name for page in PAGES if BLOCK.search(page.read_text("utf-8")) and page not in RUNBOOKS]
    assert silent == []


def test_there_are_runbooks() -> None:
    assert RUNBOOKS


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
def test_the_commands_of_a_runbook_run_as_they_stand(page: Path, tmp_path: Path, root: Path) -> None:
    text = page.read_text("utf-8")
    state = STATE.search(text)
    assert state is not None
    script = "".join(BLOCK.findall(text))
    with jianbao_in(state[1], tmp_path, root) as data:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euxo", "pipefail", "-c", script],
            cwd=tmp_path,
            env={**os.environ, "JIANBAO_DATA": str(data), "PATH": path},
            capture_output=True,
            text=True,
            timeout=150,
        )
    assert done.returncode == 0, f"{page.name}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
