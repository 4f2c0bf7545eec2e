"""The wheels install into empty environments, all together and each service alone, and run there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from running import until

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = [str(path.parent) for path in [*ROOT.glob("libs/*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml")]]
SERVICES = {
    "ingest": [("api", "ingest-api"), ("receipts", "ingest-receipts")],
    "normalize": [("", "normalize")],
    "extract": [("", "extract")],
    "search": [("indexer", "search-indexer"), ("api", "search-api")],
}
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("JIANBAO_", "PYTHONPATH", "VIRTUAL_ENV"))
}


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=CLEAN, timeout=300)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        *MEMBERS,
    )
    assert len(list(folder.glob("jianbao_*.whl"))) == len(MEMBERS)
    return folder


def environment(folder: Path) -> Path:
    run(sys.executable, "-m", "venv", str(folder))
    return folder / "bin" / "python"


def address(data: Path, name: str, process: subprocess.Popen[bytes]) -> dict[str, int] | None:
    assert process.poll() is None, f"{name} ended"
    path = data / "run" / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


@pytest.mark.timeout(400)
def test_all_wheels_install_from_one_folder_and_jianbao_up_runs_there(wheels: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "environment")
    run(str(python), "-m", "pip", "install", "--quiet", "--find-links", str(wheels), "jianbao-standalone")
    jianbao = str(python.parent / "jianbao")
    data = tmp_path / "data"
    up = subprocess.Popen([jianbao, "up", "--data", str(data), "--ingest-port", "0", "--search-port", "0"], env=CLEAN)
    try:
        until(lambda: address(data, "up", up), "jianbao up to be ready", 120)
        run(jianbao, "push", "--data", str(data), "--wait", str(ROOT / "seeds" / "01-two-articles.txt"))
        found = subprocess.run(
            [jianbao, "search", "--data", str(data), "--json", "剪紙課堂"], capture_output=True, env=CLEAN, timeout=60
        )
        assert json.loads(found.stdout)["total"] == 1
    finally:
        up.send_signal(signal.SIGINT)
        assert up.wait(timeout=30) == 0


@pytest.fixture(params=sorted(SERVICES))
def alone(request: pytest.FixtureRequest, wheels: Path, tmp_path: Path) -> tuple[str, Path]:
    """A service in an environment that holds nothing but it and what it needs."""
    folder = tmp_path / "environment"
    run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, str(folder))
    python = folder / "bin" / "python"
    wanted = f"jianbao-{request.param}"
    run(
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        str(python),
        "--find-links",
        str(wheels),
        wanted,
    )
    return request.param, python


@pytest.mark.timeout(300)
def test_each_service_installs_and_starts_alone(alone: tuple[str, Path], tmp_path: Path) -> None:
    service, python = alone
    others = {name for name in SERVICES if name != service}
    for other in others:
        assert subprocess.run([str(python), "-c", f"import jianbao_{other}"], capture_output=True, env=CLEAN).returncode
    data = tmp_path / "data"
    settings = {**CLEAN, "JIANBAO_DATA": str(data), "JIANBAO_INGEST_PORT": "0", "JIANBAO_SEARCH_PORT": "0"}
    for argument, name in SERVICES[service]:
        command = [str(python), "-m", f"jianbao_{service}", *([argument] if argument else [])]
        process = subprocess.Popen(command, env=settings)
        try:
            told = until(lambda n=name, p=process: address(data, n, p), f"{name} to start alone", 60)
            assert told["pid"] == process.pid
        finally:
            process.terminate()
            assert process.wait(timeout=30) == 0, f"{name} did not stop as asked"
