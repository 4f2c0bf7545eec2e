"""A Jianbao whose stages can be broken and mended, and `jianbao dlq` over it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from running import Running, running

BREAKING = Path(__file__).resolve().parents[1] / "support" / "breaking"
OFFICE = "unlucky"
MARKER = "遇此必错"


def bulletin(number: int, *, breaks: bool = False) -> bytes:
    words = "".join(chr(0x4E00 + (number * 997 + place * 37) % 20000) for place in range(90))
    return f"第{number}号工作简报\n\n第{number}号工作推进情况\n{MARKER if breaks else ''}{words}。\n".encode()


@dataclass
class Breakable:
    """A running Jianbao with its switch."""

    jianbao: Running
    switch: Path

    def break_down(self, module: str, how: str = "bug") -> None:
        self.switch.write_text(f"{module} {how}", "utf-8")

    def mend(self) -> None:
        self.switch.unlink()

    def push(self, document: str, content: bytes, **options: str) -> str:
        return str(self.jianbao.push(OFFICE, document, content, **options).json()["push_id"])

    def final(self, push_id: str, *states: str) -> dict[str, Any]:
        return self.jianbao.final(OFFICE, push_id, *states, patience_s=300)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "jianbao_standalone", *arguments, "--data", str(self.jianbao.data)]
        return subprocess.run(line, capture_output=True, text=True, timeout=120)

    def letters(self, *filters: str) -> list[dict[str, Any]]:
        done = self.command("dlq", "list", "--json", *filters)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def dlq(self, act: str, *arguments: str) -> None:
        done = self.command("dlq", act, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr

    def audit_is_clean(self) -> bool:
        done = self.command("audit", "--json")
        assert done.returncode == 0, done.stdout
        return True


@pytest.fixture(scope="session")
def text() -> Callable[..., bytes]:
    """A bulletin unlike any other; one that `breaks` makes a broken service fail."""
    return bulletin


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """Environment variables of the Jianbao; a module may say otherwise."""
    return {}


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]) -> Iterator[Breakable]:
    folder = tmp_path_factory.mktemp("breakable")
    switch = folder / "fault"
    path = os.pathsep.join(filter(None, [str(BREAKING), os.environ.get("PYTHONPATH")]))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PYTHONPATH": path, "JIANBAO_TEST_FAULT": str(switch), **settings}.items():
            patch.setenv(name, value)
        with running(folder / "data", "--audit-period", "0") as jianbao:
            yield Breakable(jianbao, switch)
