"""A recipe page applied to a copy of the tree: whole files (`file:`) and changes to files (`edit:`), in their order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PARTS = ("libs", "services", "tests", "docs", "seeds", "bench", "Makefile", "pyproject.toml", "CONTRIBUTING.md")
BLOCK = re.compile(r"<!-- (file|edit): (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Tree:
    """A copy of the tree, whose packages are found before those that are installed."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": self.python_path}

    @property
    def python_path(self) -> str:
        return os.pathsep.join(str(path) for path in sorted(self.root.glob("*/*/src")))

    def run(self, *module: str, timeout_s: float = 170) -> str:
        """Run a module in the tree; it must end well."""
        return self.check(sys.executable, "-m", *module, timeout_s=timeout_s)

    def check(self, *command: str, timeout_s: float = 170) -> str:
        """Run a command in the tree; it must end well."""
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=timeout_s
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout


def copy_of(root: Path, target: Path) -> Tree:
    """Copy what a recipe may change or run."""
    left_out = shutil.ignore_patterns("__pycache__", ".*_cache")
    for part in PARTS:
        source = root / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=left_out)
        else:
            shutil.copy(source, target / part)
    return Tree(target)


def steps(page: Path) -> Iterator[tuple[str, str, str]]:
    """Yield kind, path and content of each block of a page."""
    for match in BLOCK.finditer(page.read_text("utf-8")):
        yield match[1], match[2], match[3]


def follow(page: Path, tree: Tree) -> list[str]:
    """Do what the page says; return the new files. Fails where a change does not fit the file as it is now."""
    made = []
    for kind, path, content in steps(page):
        target = tree.root / path
        if kind == "file":
            assert not target.exists(), f"{page.name}: {path} is there already"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, "utf-8")
            made.append(path)
        else:
            target.write_text(changed(target.read_text("utf-8"), content, f"{page.name}: {path}"), "utf-8")
    return made


def changed(text: str, change: str, where: str) -> str:
    """Return the text with a change in it; lines that stay or go must stand in it exactly once."""
    lines = change.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    assert all(line[0] in " +-" for line in lines), f"{where}: a line begins with neither blank nor + nor -"
    assert text.count(old) == 1, f"{where}: these lines stand in it {text.count(old)} times, not once:\n{old}"
    return text.replace(old, new)
