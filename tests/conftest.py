"""Fixtures of all tests, and the rule that in CI nothing is left unproven."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Running, running

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def seed_documents() -> Path:
    """Folder of the five real documents; they are not ours to commit, so a test without them must say so loudly."""
    folder = Path(os.environ.get("SEED_DOCUMENTS", ROOT.parent / "shared" / "seeds"))
    if not folder.is_dir():
        message = f"NOT PROVEN on real documents: {folder} is missing; set SEED_DOCUMENTS to the folder of the seeds"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def jianbao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One running Jianbao for all tests that disturb nobody; each uses offices of its own."""
    with running(tmp_path_factory.mktemp("one machine") / "data") as started:
        yield started


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skip is a failure: what was skipped is not proven."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("\nCI: a test was skipped, so something is not proven; see the summary below", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
