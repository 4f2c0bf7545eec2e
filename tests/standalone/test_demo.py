"""jianbao demo: the tour that `make run` gives."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path


def manifest(folder: Path, expected_state: str) -> Path:
    (folder / "a.txt").write_text("巡回演示所用的一份简报，内容只有这一句话。", encoding="utf-8")
    push = {"file": "a.txt", "office": "guide", "document_id": "a.txt", "expected_state": expected_state}
    search = {"query": "巡迴演示", "expect_office": "guide", "expect_document_id": "a.txt"}
    path = folder / "manifest.json"
    path.write_text(json.dumps({"pushes": [push], "searches": [search]}), encoding="utf-8")
    return path


def demo(folder: Path, path: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "jianbao_standalone", "demo", str(path), "--data", str(folder / "data"), *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def test_it_serves_until_ctrl_c_and_leaves_no_process_behind(tmp_path: Path) -> None:
    tour = demo(tmp_path, manifest(tmp_path, "searchable"))
    assert tour.stdout
    told = []
    for line in tour.stdout:
        told.append(line)
        if "serving until Ctrl-C" in line:
            break
    assert "✓ 巡迴演示" in "".join(told)
    os.killpg(tour.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    assert tour.wait(timeout=40) == 0
    told_pids = [json.loads(path.read_text("utf-8")).get("pid") for path in (tmp_path / "data" / "run").glob("*.json")]
    pids = [pid for pid in told_pids if pid is not None]
    assert len(pids) >= 7  # the supervisor's and those of six processes
    assert not [pid for pid in pids if Path("/proc", str(pid)).exists()]


def test_it_ends_with_1_where_a_receipt_is_not_as_expected(tmp_path: Path) -> None:
    tour = demo(tmp_path, manifest(tmp_path, "withdrawn"), "--once")
    told, _ = tour.communicate(timeout=90)
    assert tour.returncode == 1
    assert "0 of 1 receipts as expected" in told
