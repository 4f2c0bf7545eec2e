"""Fixtures of all tests, and the rule that in CI nothing is left unproven."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from kafka_broker import USED, kafka
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


@pytest.fixture(scope="session")
def kafka_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Kafka broker for the whole run; without one it must be said loudly what was not proven."""
    with ExitStack() as stack:
        try:
            address, _ = stack.enter_context(kafka(tmp_path_factory.mktemp("kafka") / "broker"))
        except (RuntimeError, subprocess.CalledProcessError) as error:
            message = f"NOT PROVEN on a real Kafka: {error}"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        yield address


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which real servers this run was proven on."""
    terminalreporter.write_line(f"real servers used: {'; '.join(USED) or 'none'}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skip is a failure: what was skipped is not proven."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("\nCI: a test was skipped, so something is not proven; see the summary below", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
