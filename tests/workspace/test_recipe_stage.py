"""The recipe of a new stage works as it stands: followed to the letter, it gives a stage that keeps every promise."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from recipe import Tree, copy_of, follow, steps
from running import running, until

from jianbao_contracts import ExtractedBulletin
from jianbao_streaming import Record, StoredRecord
from jianbao_streaming.engine import Engine, open_embedded
from jianbao_streaming.events import derived_record

BULLETINS, LIVES = 3000, 5
DIGESTS, LETTERS, RETRIES = "bulletins.digests", "bulletins.digest.dlq", "bulletins.digest.retry"


@pytest.fixture(scope="module")
def page(root: Path) -> Path:
    return root / "docs" / "recipes" / "new-stage.md"


@pytest.fixture(scope="module")
def tree(root: Path, page: Path, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A copy of the tree in which somebody has followed the page."""
    grown = copy_of(root, tmp_path_factory.mktemp("recipe") / "a tree")
    made = follow(page, grown)
    assert "services/digest/src/jianbao_digest/handler.py" in made
    grown.run("jianbao_contracts.schemas")
    metrics = grown.run("jianbao_streaming.metrics")
    (grown.root / "docs" / "operators" / "metrics.md").write_text(metrics, "utf-8")
    return grown


@pytest.fixture(scope="module")
def example(root: Path) -> ExtractedBulletin:
    path = root / "tests" / "contracts" / "examples" / "ExtractedBulletin" / "pass" / "publish.json"
    return ExtractedBulletin.model_validate_json(path.read_bytes())


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_embedded(tmp_path / "data")
    yield opened
    opened.close()


@contextmanager
def stage(tree: Tree, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The new stage as a process of its own; told once it has said where it can be reached."""
    process = subprocess.Popen(
        [sys.executable, "-m", "jianbao_digest"], env={**tree.environment, "JIANBAO_DATA": str(data)}
    )
    try:
        until(lambda: told(data, process) is not None, "digest to start")
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        assert process.wait(timeout=30) in (0, -signal.SIGKILL)


def told(data: Path, process: subprocess.Popen[bytes]) -> str | None:
    assert process.poll() is None, "digest ended by itself"
    try:
        said = json.loads((data / "run" / "digest.json").read_text("utf-8"))
    except FileNotFoundError:
        return None
    return f"http://127.0.0.1:{said['port']}" if said["pid"] == process.pid else None


def records(engine: Engine, topic: str) -> list[StoredRecord]:
    reader = engine.log.reader([topic])
    try:
        return [record for batch in iter(lambda: reader.poll(1000, 0), ()) if batch for record in batch]
    finally:
        reader.close()


def bulletins(example: ExtractedBulletin, numbers: range) -> list[Record]:
    named = (example.model_copy(update={"bulletin_id": f"hubei-wmb.{number:032x}"}) for number in numbers)
    return [derived_record(event) for event in named]


@pytest.mark.timeout(400)
def test_the_tree_stays_as_clean_as_it_was(tree: Tree, page: Path) -> None:
    touched = sorted({path for _, path, _ in steps(page) if path.endswith(".py")})
    tree.run("ruff", "check", "--no-cache", "--output-format", "concise", *touched)
    tree.run("ruff", "format", "--no-cache", "--check", "--quiet", *touched)
    tree.check(sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache")


@pytest.mark.timeout(400)
def test_the_tests_of_the_grown_tree_pass(tree: Tree) -> None:
    tests = ["tests/digest", "tests/contracts", "tests/workspace/test_service_pages.py"]
    tests += ["tests/workspace/test_dependencies.py", "tests/workspace/test_pages.py"]
    named = "tests/standalone/test_topics_and_tail.py::test_every_event_of_the_catalogue_is_told_in_words"
    metrics = "tests/streaming/test_metrics.py::test_the_page_of_metrics_is_up_to_date"
    left_out = "not pinned_and_hashed"
    tree.run("pytest", "-q", "-p", "no:cacheprovider", "-k", left_out, *tests, named, metrics)


@pytest.mark.timeout(300)
def test_each_bulletin_has_its_digest_once_however_often_the_stage_is_killed(
    tree: Tree, engine: Engine, example: ExtractedBulletin, tmp_path: Path
) -> None:
    engine.log.append(bulletins(example, range(BULLETINS)))
    in_the_middle = 0
    for life in range(1, LIVES):
        with stage(tree, tmp_path / "data") as process:
            until(lambda life=life: engine.log.end(DIGESTS) >= life * 50 or None, f"life {life} to get on")
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        in_the_middle += engine.log.end(DIGESTS) < BULLETINS
    assert in_the_middle > 0, "the stage was never killed with work left"
    with stage(tree, tmp_path / "data"):
        until(lambda: engine.log.committed("digest", "bulletins.extracted") == BULLETINS or None, "all to be read")
    found = Counter(record.header("ce_id") for record in records(engine, DIGESTS))
    assert found == Counter(f"hubei-wmb.{number:032x}/1/1" for number in range(BULLETINS))
    assert records(engine, LETTERS) == []


def test_what_it_cannot_read_is_a_dead_letter_and_holds_up_nobody(
    tree: Tree, engine: Engine, example: ExtractedBulletin, tmp_path: Path
) -> None:
    (good,) = bulletins(example, range(1))
    bad = Record("bulletins.extracted", b"x", b"no event", good.headers, b"x")
    engine.log.append([bad, good])
    with stage(tree, tmp_path / "data") as process:
        until(lambda: engine.log.end(DIGESTS) == 1 or None, "the good one")
        address = told(tmp_path / "data", process)
        assert httpx.get(f"{address}/health/ready", trust_env=False).json() == {"ready": True}
        metrics = httpx.get(f"{address}/metrics", trust_env=False).text
    (letter,) = records(engine, LETTERS)
    assert letter.value == b"no event"
    assert letter.header("dlq-code") == "invalid_event"
    assert 'jianbao_records_total{outcome="dead_letter",stage="digest"} 1.0' in metrics


@pytest.mark.timeout(300)
def test_under_the_supervisor_it_runs_with_the_others_and_operators_see_it(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", tree.python_path)
    with running(tmp_path / "data", "--audit-period", "0") as jianbao:
        pushed = jianbao.push(
            "digested", "a.txt", "海门区开展志愿服务\n\n海门区组织志愿者清理楼道，群众说好。".encode()
        )
        jianbao.final("digested", pushed.json()["push_id"], "searchable")
        (digest,) = until(lambda: jianbao.records(DIGESTS) or None, "its digest")
        assert json.loads(digest.value or b"")["line"].endswith("海门区开展志愿服务")
        before = jianbao.told("digest")
        assert before is not None
        os.kill(before["pid"], signal.SIGKILL)
        until(lambda: (now := jianbao.told("digest")) is not None and now["pid"] != before["pid"], "it to be back")
        unreadable = Record(RETRIES, b"x", b"no event", (), b"x")
        log = open_embedded(jianbao.data)
        log.log.append([unreadable])
        log.close()
        until(lambda: jianbao.records(LETTERS) or None, "a dead letter")
        listed = tree.run(
            "jianbao_standalone", "dlq", "list", "--stage", "digest", "--json", "--data", str(jianbao.data)
        )
        states = tree.run("jianbao_standalone", "topics", "status", "--data", str(jianbao.data))
    assert json.loads(listed)["code"] == "invalid_event"
    (digest_state,) = [one for one in map(json.loads, states.splitlines()) if one.get("stage") == "digest"]
    assert (digest_state["state"], digest_state["lag_records"]) == ("runs", 0)
